# Authenticates as Account A, source (111111111111).
# Builds in Account B, changes (333333333333).
provider "aws" {
  region = "us-east-2"

  # Without this, a missing or wrong role only causes a warning, and
  # Terraform builds in Account A.
  allowed_account_ids = ["333333333333"]

  assume_role {
    role_arn     = "arn:aws:iam::333333333333:role/platform/Deployer"
    session_name = "platform"
  }
}
