# Account B, auckland (333333333333): the role that
# Account A, source (111111111111), assumes.
# CROSSROLE.md has the order in which the roots are applied, and by whom.

resource "aws_iam_role" "cross_account" {
  name        = "TerraformCrossAccount"
  description = "Assumed from source (111111111111) by Terraform"

  # Who can assume the role, and under which conditions.
  assume_role_policy   = file("${path.module}/trust-policy.json")
  max_session_duration = 3600
}

resource "aws_iam_role_policy_attachment" "cross_account" {
  for_each = toset(["arn:aws:iam::aws:policy/PowerUserAccess"])

  role       = aws_iam_role.cross_account.name
  policy_arn = each.value
}
