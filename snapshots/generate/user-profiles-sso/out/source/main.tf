# Account A, source (111111111111): which roles each caller may assume.
# The policies list each role by its ARN: with a wildcard, a caller could try
# the roles of any account.

# people with the permission set Auditor
resource "aws_iam_policy" "auditor" {
  name        = "platform-assume-auditor"
  description = "Lets auditor assume roles in the target accounts"
  policy      = file("${path.module}/assume/auditor-1.json")
}

# GitHub Actions, acme/infra, environment production
resource "aws_iam_policy" "ci" {
  name        = "platform-assume-ci"
  description = "Lets ci assume roles in the target accounts"
  policy      = file("${path.module}/assume/ci-1.json")
}

resource "aws_iam_role_policy_attachment" "ci" {
  role       = aws_iam_role.ci.name
  policy_arn = aws_iam_policy.ci.arn
}

# people with the permission set PlatformAdmin
resource "aws_iam_policy" "platformadmin" {
  name        = "platform-assume-platformadmin"
  description = "Lets platformadmin assume roles in the target accounts"
  policy      = file("${path.module}/assume/platformadmin-1.json")
}
