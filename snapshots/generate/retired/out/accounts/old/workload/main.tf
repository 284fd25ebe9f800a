# Your own resources for old go here: what this root holds is built in 222222222222.
