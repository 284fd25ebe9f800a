# Account B, prod (333333333333): the roles that
# Account A, source (111111111111), assumes.
# CROSSROLE.md has the order in which the roots are applied, and by whom.

resource "aws_iam_role" "apply" {
  name        = "TerraformApply"
  description = "Assumed from source (111111111111) by Terraform"

  # Who can assume the role, and under which conditions.
  assume_role_policy   = file("${path.module}/apply/trust-policy.json")
  max_session_duration = 3600
}

resource "aws_iam_role" "audit" {
  name        = "TerraformAudit"
  description = "Assumed from source (111111111111) by Terraform"

  # Who can assume the role, and under which conditions.
  assume_role_policy   = file("${path.module}/audit/trust-policy.json")
  max_session_duration = 3600
}

resource "aws_iam_role" "deploy" {
  name        = "TerraformDeploy"
  description = "Assumed from source (111111111111) by Terraform"

  # Who can assume the role, and under which conditions.
  assume_role_policy   = file("${path.module}/deploy/trust-policy.json")
  max_session_duration = 3600
}
