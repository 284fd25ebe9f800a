locals {
  accounts = ["111111111111", "333333333333"]
}

resource "aws_iam_role" "deployer" {
  name               = "Deployer"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = [for id in local.accounts : "arn:aws:iam::${id}:root"] }
    }]
  })
}
