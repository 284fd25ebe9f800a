<<<<<<< yours
rules = [
  { effect = "deny", action = "iam:*", on = "*" },
  { effect = "allow", action = "ec2:*", on = "*" },
  { effect = "deny", action = "s3:*", on = "*" },
]
||||||| base
rules = [
  { effect = "deny", action = "iam:*", on = "*" },
  { effect = "allow", action = "ec2:*", on = "*" },
  { effect = "allow", action = "s3:*", on = "*" },
]
=======
rules = [
  { effect = "allow", action = "s3:*", on = "b" },
  { effect = "allow", action = "ec2:*", on = "*" },
  { effect = "deny", action = "iam:*", on = "*" },
]
>>>>>>> template
