# Add your own resources for lab here: this root builds in account 333333333333.
