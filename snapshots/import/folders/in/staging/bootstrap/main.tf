provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["222222222222"]

  assume_role {
    role_arn = "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"
  }
}

resource "aws_iam_role" "terraform" {
  name                 = "TerraformCrossAccount"
  description          = "Entered by the platform team"
  max_session_duration = 7200

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = ["arn:aws:iam::111111111111:user/terraform"] }
        Condition = {
          Bool         = { "aws:MultiFactorAuthPresent" = "true" }
          StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" }
        }
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "arn:aws:iam::111111111111:role/ci/deployer" }
        Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }
      },
    ]
  })

  inline_policy {
    name   = "costs"
    policy = file("${path.module}/costs.json")
  }
}

resource "aws_iam_role_policy_attachment" "terraform" {
  for_each   = toset(["PowerUserAccess", "IAMReadOnlyAccess"])
  role       = aws_iam_role.terraform.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}
