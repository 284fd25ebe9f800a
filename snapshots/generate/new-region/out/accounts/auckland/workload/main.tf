# Your own resources for auckland go here: what this root holds is built in 333333333333.
