# Account A, management (111111111111): which roles each caller may assume.
# The policies list each role by its ARN: with a wildcard, a caller could try
# the roles of any account.

# GitHub Actions, acme/infra, environment production: eu
resource "aws_iam_policy" "ci_apply" {
  name        = "platform-assume-ci-apply"
  description = "Lets ci-apply assume roles in the target accounts"
  policy      = file("${path.module}/assume/ci-apply-1.json")
}

resource "aws_iam_role_policy_attachment" "ci_apply" {
  role       = aws_iam_role.ci_apply.name
  policy_arn = aws_iam_policy.ci_apply.arn
}

# GitHub Actions, acme/infra, pull requests
resource "aws_iam_policy" "ci_plan" {
  name        = "platform-assume-ci-plan"
  description = "Lets ci-plan assume roles in the target accounts"
  policy      = file("${path.module}/assume/ci-plan-1.json")
}

resource "aws_iam_role_policy_attachment" "ci_plan" {
  role       = aws_iam_role.ci_plan.name
  policy_arn = aws_iam_policy.ci_plan.arn
}

# people with the permission set PlatformAdmin
resource "aws_iam_policy" "platformadmin" {
  name        = "platform-assume-platformadmin"
  description = "Lets platformadmin assume roles in the target accounts"
  policy      = file("${path.module}/assume/platformadmin-1.json")
}

data "aws_ssoadmin_permission_set" "platformadmin" {
  provider     = aws.identity_center
  instance_arn = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
  name         = "PlatformAdmin"
}

# In each account that it is assigned in, the permission set refers to the policy of this name.
resource "aws_ssoadmin_customer_managed_policy_attachment" "platformadmin" {
  provider = aws.identity_center

  instance_arn       = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
  permission_set_arn = data.aws_ssoadmin_permission_set.platformadmin.arn

  customer_managed_policy_reference {
    name = aws_iam_policy.platformadmin.name
    path = "/"
  }
}

# role ci/runner
resource "aws_iam_policy" "runner" {
  name        = "platform-assume-runner"
  description = "Lets runner assume roles in the target accounts"
  policy      = file("${path.module}/assume/runner-1.json")
}

resource "aws_iam_role_policy_attachment" "runner" {
  role       = "runner"
  policy_arn = aws_iam_policy.runner.arn
}
