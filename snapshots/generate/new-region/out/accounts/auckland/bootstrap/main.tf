# Account B, auckland (333333333333): the role that Account A, source (111111111111), assumes.
# Run this root with credentials of 333333333333 itself; CROSSROLE.md says when.

resource "aws_iam_role" "cross_account" {
  name        = "TerraformCrossAccount"
  path        = "/"
  description = "Assumed from source (111111111111) by Terraform"

  # Who may assume the role, and under which conditions.
  assume_role_policy   = file("${path.module}/trust-policy.json")
  max_session_duration = 3600
}

resource "aws_iam_role_policy_attachment" "cross_account" {
  for_each = toset(["arn:aws:iam::aws:policy/PowerUserAccess"])

  role       = aws_iam_role.cross_account.name
  policy_arn = each.value
}
