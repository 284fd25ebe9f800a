resource "aws_iam_role" "deployer" {
  name = "Deployer"
  managed_policy_arns = ["arn:aws:iam::222222222222:policy/P0", "arn:aws:iam::222222222222:policy/P1", "arn:aws:iam::222222222222:policy/P2", "arn:aws:iam::222222222222:policy/P3", "arn:aws:iam::222222222222:policy/P4", "arn:aws:iam::222222222222:policy/P5", "arn:aws:iam::222222222222:policy/P6", "arn:aws:iam::222222222222:policy/P7", "arn:aws:iam::222222222222:policy/P8", "arn:aws:iam::222222222222:policy/P9", "arn:aws:iam::222222222222:policy/P10", "arn:aws:iam::222222222222:policy/P11", "arn:aws:iam::222222222222:policy/P12", "arn:aws:iam::222222222222:policy/P13", "arn:aws:iam::222222222222:policy/P14", "arn:aws:iam::222222222222:policy/P15", "arn:aws:iam::222222222222:policy/P16", "arn:aws:iam::222222222222:policy/P17", "arn:aws:iam::222222222222:policy/P18", "arn:aws:iam::222222222222:policy/P19", "arn:aws:iam::222222222222:policy/P20"]
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
