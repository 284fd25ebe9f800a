# Add your own resources for auckland here: this root builds in account 333333333333.
