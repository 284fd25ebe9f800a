# Add your own resources for staging here: this root builds in account 333333333333.
