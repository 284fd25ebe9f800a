# Account B, staging (333333333333): the roles that
# Account A, management (111111111111), assumes.
# CROSSROLE.md has the order in which the roots are applied, and by whom.

resource "aws_iam_role" "apply" {
  name        = "Apply"
  description = "Assumed from management (111111111111) by Terraform"

  # Who can assume the role, and under which conditions.
  assume_role_policy   = file("${path.module}/apply/trust-policy.json")
  max_session_duration = 3600
}

resource "aws_iam_role" "plan" {
  name        = "Plan"
  description = "Assumed from management (111111111111) by Terraform"

  # Who can assume the role, and under which conditions.
  assume_role_policy   = file("${path.module}/plan/trust-policy.json")
  max_session_duration = 3600
}
