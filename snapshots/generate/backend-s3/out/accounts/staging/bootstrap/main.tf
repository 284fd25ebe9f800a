# Account B, staging (222222222222): the role that Account A, source (111111111111), assumes.
# Run this root with credentials of 222222222222 itself; CROSSROLE.md says when.

resource "aws_iam_role" "cross_account" {
  name        = "TerraformCrossAccount"
  path        = "/"
  description = "Assumed from source (111111111111) by Terraform"

  # Who may assume the role, and under which conditions.
  assume_role_policy   = file("${path.module}/trust-policy.json")
  max_session_duration = 3600
}
