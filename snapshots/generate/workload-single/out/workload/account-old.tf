# Authenticates as Account A, management (111111111111).
# Builds in Account B, old (444444444444).
# It is retired: the provider stays until everything in the account is destroyed.
provider "aws" {
  alias  = "old"
  region = "us-east-1"

  # Without this, a missing or wrong role only causes a warning, and
  # Terraform builds in Account A.
  allowed_account_ids = ["444444444444"]

  assume_role {
    role_arn     = "arn:aws:iam::444444444444:role/TerraformCrossAccount"
    session_name = "terraform"
  }
}
