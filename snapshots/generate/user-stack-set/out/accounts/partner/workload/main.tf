# Add your own resources for partner here: this root builds in account 333333333333.
