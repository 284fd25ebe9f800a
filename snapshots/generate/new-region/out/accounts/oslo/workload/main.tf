# Your own resources for oslo go here: what this root holds is built in 222222222222.
