# Your own resources for prod go here: what this root holds is built in 333333333333.
# In us-west-2 with `provider = aws.us_west_2`.
