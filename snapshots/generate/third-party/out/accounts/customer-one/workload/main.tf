# Add your own resources for customer-one here: this root builds in account 222222222222.
