rules = [
  { effect = "allow", action = "s3:*", on = "b" },
  { effect = "allow", action = "ec2:*", on = "*" },
  { effect = "deny", action = "iam:*", on = "*" },
]
