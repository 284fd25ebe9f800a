provider "aws" {
  region              = "us-east-1"
  allowed_account_ids = ["222222222222"]

  assume_role {
    role_arn     = "arn:aws:iam::222222222222:role/Deployer"
    session_name = "terraform"
  }
}

resource "aws_iam_role" "deployer" {
  name = "Deployer"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111111111111:root" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "sts:ExternalId" = "7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51" } }
    }]
  })
}
