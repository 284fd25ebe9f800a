# Your own resources for removes go here: what this root holds is built in 444444444444.
