# Add your own resources for inherits here: this root builds in account 222222222222.
