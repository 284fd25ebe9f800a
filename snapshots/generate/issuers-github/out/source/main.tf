# Account A, source (111111111111): which roles each caller may assume.
# The policies list each role by its ARN: with a wildcard, a caller could try
# the roles of any account.

# GitHub Actions, acme/infra, branch main
resource "aws_iam_policy" "enterprise" {
  name        = "crossrole-assume-enterprise"
  description = "Lets enterprise assume roles in the target accounts"
  policy      = file("${path.module}/assume/enterprise-1.json")
}

resource "aws_iam_role_policy_attachment" "enterprise" {
  role       = aws_iam_role.enterprise.name
  policy_arn = aws_iam_policy.enterprise.arn
}

# GitHub Actions, acme/infra, tag v*
resource "aws_iam_policy" "ghe_com" {
  name        = "crossrole-assume-ghe-com"
  description = "Lets ghe-com assume roles in the target accounts"
  policy      = file("${path.module}/assume/ghe-com-1.json")
}

resource "aws_iam_role_policy_attachment" "ghe_com" {
  role       = aws_iam_role.ghe_com.name
  policy_arn = aws_iam_policy.ghe_com.arn
}

# GitHub Actions, acme/infra, branch main
resource "aws_iam_policy" "server" {
  name        = "crossrole-assume-server"
  description = "Lets server assume roles in the target accounts"
  policy      = file("${path.module}/assume/server-1.json")
}

resource "aws_iam_role_policy_attachment" "server" {
  role       = aws_iam_role.server.name
  policy_arn = aws_iam_policy.server.arn
}
