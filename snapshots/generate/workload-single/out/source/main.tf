# Account A, management (111111111111): which roles each caller may assume.
# The policies list each role by its ARN: with a wildcard, a caller could try
# the roles of any account.

# role ci/deployer
resource "aws_iam_policy" "deployer" {
  name        = "platform-assume-deployer"
  description = "Lets deployer assume roles in the target accounts"
  policy      = file("${path.module}/assume/deployer-1.json")
}

resource "aws_iam_role_policy_attachment" "deployer" {
  role       = "deployer"
  policy_arn = aws_iam_policy.deployer.arn
}
