# Add your own resources for prod here: this root builds in account 333333333333.
# For us-west-2, set `provider = aws.us_west_2`.
