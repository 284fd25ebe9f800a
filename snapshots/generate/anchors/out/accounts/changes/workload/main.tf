# Add your own resources for changes here: this root builds in account 333333333333.
