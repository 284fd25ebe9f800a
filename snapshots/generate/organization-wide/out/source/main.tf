# Account A, source (111111111111): which roles each caller may assume.
# There are too many roles in our own organization to list: their common path and
# name covers them, limited to accounts of o-a1b2c3d4e5. Roles of
# third parties are listed one by one.

# role deployer
resource "aws_iam_policy" "deployer" {
  # A managed policy holds 6,144 characters, so the roles are split across several.
  for_each = toset(["1", "2"])

  name        = "crossrole-assume-deployer-${each.key}"
  description = "Lets deployer assume roles in the target accounts, part ${each.key} of 2"
  policy      = file("${path.module}/assume/deployer-${each.key}.json")
}

resource "aws_iam_role_policy_attachment" "deployer" {
  for_each   = aws_iam_policy.deployer
  role       = "deployer"
  policy_arn = each.value.arn
}
