# Account B, prod (333333333333): the roles that
# Account A, management (111111111111), assumes.
# CROSSROLE.md has the order in which the roots are applied, and by whom.

resource "aws_iam_role" "apply" {
  name        = "TerraformApply"
  description = "Assumed from management (111111111111) by Terraform"

  # Who can assume the role, and under which conditions.
  assume_role_policy   = file("${path.module}/apply/trust-policy.json")
  max_session_duration = 3600
}

resource "aws_iam_role_policy_attachment" "apply" {
  for_each = toset(["arn:aws:iam::aws:policy/PowerUserAccess"])

  role       = aws_iam_role.apply.name
  policy_arn = each.value
}

resource "aws_iam_role" "plan" {
  name        = "TerraformPlan"
  description = "Assumed from management (111111111111) by Terraform"

  # Who can assume the role, and under which conditions.
  assume_role_policy   = file("${path.module}/plan/trust-policy.json")
  max_session_duration = 3600
}

resource "aws_iam_role_policy_attachment" "plan" {
  for_each = toset(["arn:aws:iam::aws:policy/ReadOnlyAccess"])

  role       = aws_iam_role.plan.name
  policy_arn = each.value
}
