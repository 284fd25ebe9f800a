# Add your own resources for prod here: this root builds in account 333333333333.
