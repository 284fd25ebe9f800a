# Your own resources for staging go here: what this root holds is built in 333333333333.
