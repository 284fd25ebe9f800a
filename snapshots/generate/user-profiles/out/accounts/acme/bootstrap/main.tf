# Account B, acme (333333333333): the role that
# Account A, source (111111111111), assumes.
# README.md tells the account's owner how to create it.

resource "aws_iam_role" "cross_account" {
  name        = "TerraformCrossAccount"
  path        = "/vendors/"
  description = "Assumed from source (111111111111) by Terraform"

  # Who can assume the role, and under which conditions.
  assume_role_policy   = file("${path.module}/trust-policy.json")
  max_session_duration = 3600
}
