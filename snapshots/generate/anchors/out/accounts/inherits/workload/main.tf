# Your own resources for inherits go here: what this root holds is built in 222222222222.
