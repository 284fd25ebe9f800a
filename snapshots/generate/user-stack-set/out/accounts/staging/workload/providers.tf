# Authenticates as Account A, deployment (111111111111).
# Builds in Account B, staging (222222222222).
provider "aws" {
  region = "eu-west-1"

  # Without this, a missing or wrong role only causes a warning, and
  # Terraform builds in Account A.
  allowed_account_ids = ["222222222222"]

  assume_role {
    role_arn     = "arn:aws:iam::222222222222:role/TerraformCrossAccount"
    session_name = "terraform"
  }

  default_tags {
    tags = {
      ManagedBy = "crossrole"
    }
  }
}
