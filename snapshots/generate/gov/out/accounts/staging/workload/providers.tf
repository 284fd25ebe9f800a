# Authenticates as Account A, source (111111111111), and builds in Account B, staging (222222222222).
provider "aws" {
  region = "us-gov-west-1"

  # Without this, a missing or wrong role would only cause a warning, and Terraform would build in Account A.
  allowed_account_ids = ["222222222222"]

  assume_role {
    role_arn     = "arn:aws-us-gov:iam::222222222222:role/TerraformCrossAccount"
    session_name = "terraform"
  }
}
