# Developers get in here, and the scanner does not.
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["333333333333"]
}

resource "aws_iam_role" "deploy" {
  name = "Deploy"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "arn:aws:iam::111111111111:role/ci/ci-deployer" }
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "arn:aws:iam::111111111111:root" }
        Condition = {
          ArnLike = {
            "aws:PrincipalArn" = [
              "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_PlatformAdmin_????????????????",
              "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_Developer_????????????????",
            ]
          }
        }
      },
    ]
  })
}
