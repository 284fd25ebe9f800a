# Authenticates as Account A, source (111111111111).
# Builds in Account B, lab (333333333333).
provider "aws" {
  region = "us-east-1"

  # Without this, a missing or wrong role only causes a warning, and
  # Terraform builds in Account A.
  allowed_account_ids = ["333333333333"]

  assume_role {
    role_arn     = "arn:aws:iam::333333333333:role/TerraformCrossAccount"
    session_name = "terraform"
  }
}
