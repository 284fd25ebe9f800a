# Account A, source (111111111111): which roles each caller may assume.
# The policies list each role by its ARN: with a wildcard, a caller could try
# the roles of any account.

# user ops/ada
resource "aws_iam_policy" "ada" {
  name        = "crossrole-assume-ada"
  description = "Lets ada assume roles in the target accounts"
  policy      = file("${path.module}/assume/ada-1.json")
}

resource "aws_iam_user_policy_attachment" "ada" {
  # checkov:skip=CKV_AWS_40: The trust policies name this user, so a group would be the wrong place.
  user       = "ada"
  policy_arn = aws_iam_policy.ada.arn
}
