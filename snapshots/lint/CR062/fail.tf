resource "aws_iam_role" "deployer" {
  name = "Deployer"
  managed_policy_arns = ["arn:aws:iam::aws:policy/P0", "arn:aws:iam::aws:policy/P1", "arn:aws:iam::aws:policy/P2", "arn:aws:iam::aws:policy/P3", "arn:aws:iam::aws:policy/P4", "arn:aws:iam::aws:policy/P5", "arn:aws:iam::aws:policy/P6", "arn:aws:iam::aws:policy/P7", "arn:aws:iam::aws:policy/P8", "arn:aws:iam::aws:policy/P9", "arn:aws:iam::aws:policy/P10", "arn:aws:iam::aws:policy/P11", "arn:aws:iam::aws:policy/P12", "arn:aws:iam::aws:policy/P13", "arn:aws:iam::aws:policy/P14", "arn:aws:iam::aws:policy/P15", "arn:aws:iam::aws:policy/P16", "arn:aws:iam::aws:policy/P17", "arn:aws:iam::aws:policy/P18", "arn:aws:iam::aws:policy/P19", "arn:aws:iam::aws:policy/P20"]
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111111111111:root" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }
    }]
  })
}
