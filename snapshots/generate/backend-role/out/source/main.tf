# Account A, source (111111111111): which roles each caller may assume.
# The policies list each role by its ARN: with a wildcard, a caller could try
# the roles of any account.

# agent.buildkite.com, organization:acme:pipeline:infra:ref:refs/heads/main:*
resource "aws_iam_policy" "buildkite" {
  name        = "second-assume-buildkite"
  description = "Lets buildkite assume roles in the target accounts"
  policy      = file("${path.module}/assume/buildkite-1.json")
}

resource "aws_iam_role_policy_attachment" "buildkite" {
  role       = aws_iam_role.buildkite.name
  policy_arn = aws_iam_policy.buildkite.arn
}

# GitHub Actions, acme/infra, branch main
resource "aws_iam_policy" "ci" {
  name        = "second-assume-ci"
  description = "Lets ci assume roles in the target accounts"
  policy      = file("${path.module}/assume/ci-1.json")
}

resource "aws_iam_role_policy_attachment" "ci" {
  role       = aws_iam_role.ci.name
  policy_arn = aws_iam_policy.ci.arn
}

# user terraform
resource "aws_iam_policy" "terraform" {
  name        = "second-assume-terraform"
  description = "Lets terraform assume roles in the target accounts"
  policy      = file("${path.module}/assume/terraform-1.json")
}

resource "aws_iam_user_policy_attachment" "terraform" {
  # checkov:skip=CKV_AWS_40: The trust policies name this user, so a group would be the wrong place.
  user       = "terraform"
  policy_arn = aws_iam_policy.terraform.arn
}
