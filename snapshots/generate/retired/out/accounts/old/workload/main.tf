# Add your own resources for old here: this root builds in account 222222222222.
