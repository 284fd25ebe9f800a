# Authenticates as Account A, deployment (111111111111).
# Builds in Account B, partner (333333333333).
provider "aws" {
  region = "us-east-1"

  # Without this, a missing or wrong role only causes a warning, and
  # Terraform builds in Account A.
  allowed_account_ids = ["333333333333"]

  assume_role {
    role_arn     = "arn:aws:iam::333333333333:role/TerraformCrossAccount"
    session_name = "terraform"
    external_id  = "7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51"
  }

  default_tags {
    tags = {
      ManagedBy = "crossrole"
    }
  }
}
