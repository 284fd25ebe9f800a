# Your own resources for staging go here: what this root holds is built in 222222222222.
