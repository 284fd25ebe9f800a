# Add your own resources for staging here: this root builds in account 222222222222.
