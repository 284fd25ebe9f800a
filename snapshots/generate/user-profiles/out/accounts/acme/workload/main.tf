# Add your own resources for acme here: this root builds in account 333333333333.
