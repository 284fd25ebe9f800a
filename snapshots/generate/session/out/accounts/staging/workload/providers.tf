# Authenticates as Account A, source (111111111111), and builds in Account B, staging (222222222222).
provider "aws" {
  region = "us-east-1"

  # Without this, a missing or wrong role would only cause a warning, and Terraform would build in Account A.
  allowed_account_ids = ["222222222222"]

  assume_role {
    role_arn            = "arn:aws:iam::222222222222:role/TerraformCrossAccount"
    session_name        = "terraform@ci"
    duration            = "1h30m"
    source_identity     = "terraform"
    policy              = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}"
    policy_arns         = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    transitive_tag_keys = ["team"]

    tags = {
      stage = "staging / blue"
      team  = "platform"
    }
  }
}
