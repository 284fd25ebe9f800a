# Your own resources for customer-one go here: what this root holds is built in 222222222222.
