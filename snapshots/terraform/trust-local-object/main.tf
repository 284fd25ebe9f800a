locals {
  trust = { Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" } }] }
}

resource "aws_iam_role" "deployer" {
  name               = "Deployer"
  assume_role_policy = jsonencode(local.trust)
}
