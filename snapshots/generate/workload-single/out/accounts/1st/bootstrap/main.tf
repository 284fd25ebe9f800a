# Account B, 1st (222222222222): the role that
# Account A, management (111111111111), assumes.
# CROSSROLE.md has the order in which the roots are applied, and by whom.

resource "aws_iam_role" "cross_account" {
  name        = "TerraformCrossAccount"
  description = "Assumed from management (111111111111) by Terraform"

  # Who can assume the role, and under which conditions.
  assume_role_policy   = file("${path.module}/trust-policy.json")
  max_session_duration = 3600
}
