rules = [
  { effect = "deny", action = "iam:*", on = "*" },
  { effect = "allow", action = "ec2:*", on = "*" },
  { effect = "allow", action = "s3:*", on = "*" },
]
