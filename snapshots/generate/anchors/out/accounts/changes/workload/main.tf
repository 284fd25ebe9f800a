# Your own resources for changes go here: what this root holds is built in 333333333333.
