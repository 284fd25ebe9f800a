# Account A, source (111111111111): which roles each caller may assume.
# The policies list each role by its ARN: with a wildcard, a caller could try
# the roles of any account.

# GitLab, acme/platform/infra, tag release
resource "aws_iam_policy" "gitlab" {
  name        = "crossrole-assume-gitlab"
  description = "Lets gitlab assume roles in the target accounts"
  policy      = file("${path.module}/assume/gitlab-1.json")
}

resource "aws_iam_role_policy_attachment" "gitlab" {
  role       = aws_iam_role.gitlab.name
  policy_arn = aws_iam_policy.gitlab.arn
}

# GitLab, acme/platform/infra, environment production
resource "aws_iam_policy" "gitlab_env" {
  name        = "crossrole-assume-gitlab-env"
  description = "Lets gitlab-env assume roles in the target accounts"
  policy      = file("${path.module}/assume/gitlab-env-1.json")
}

resource "aws_iam_role_policy_attachment" "gitlab_env" {
  role       = aws_iam_role.gitlab_env.name
  policy_arn = aws_iam_policy.gitlab_env.arn
}

# GitLab, acme/infra, branch main
resource "aws_iam_policy" "gitlab_own" {
  name        = "crossrole-assume-gitlab-own"
  description = "Lets gitlab-own assume roles in the target accounts"
  policy      = file("${path.module}/assume/gitlab-own-1.json")
}

resource "aws_iam_role_policy_attachment" "gitlab_own" {
  role       = aws_iam_role.gitlab_own.name
  policy_arn = aws_iam_policy.gitlab_own.arn
}

# HCP Terraform, acme/Platform Team/aws-*, plan and apply
resource "aws_iam_policy" "hcp" {
  name        = "crossrole-assume-hcp"
  description = "Lets hcp assume roles in the target accounts"
  policy      = file("${path.module}/assume/hcp-1.json")
}

resource "aws_iam_role_policy_attachment" "hcp" {
  role       = aws_iam_role.hcp.name
  policy_arn = aws_iam_policy.hcp.arn
}

# HCP Terraform, acme/Platform/aws-prod, apply
resource "aws_iam_policy" "tfe" {
  name        = "crossrole-assume-tfe"
  description = "Lets tfe assume roles in the target accounts"
  policy      = file("${path.module}/assume/tfe-1.json")
}

resource "aws_iam_role_policy_attachment" "tfe" {
  role       = aws_iam_role.tfe.name
  policy_arn = aws_iam_policy.tfe.arn
}
