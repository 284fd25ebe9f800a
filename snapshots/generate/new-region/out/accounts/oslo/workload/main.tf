# Add your own resources for oslo here: this root builds in account 222222222222.
