rules = [
  { effect = "deny", action = "iam:*", on = "*" },
  { effect = "allow", action = "ec2:*", on = "*" },
  { effect = "deny", action = "s3:*", on = "*" },
]
