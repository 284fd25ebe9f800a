# Your own resources for lab go here: what this root holds is built in 333333333333.
