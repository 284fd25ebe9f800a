# Authenticates as Account A, source (111111111111).
# Builds in Account B, staging (222222222222).
provider "aws" {
  region = "eusc-de-east-1"

  # The oldest versions that this root accepts do not know this region.
  skip_region_validation = true

  # Without this, a missing or wrong role only causes a warning, and
  # Terraform builds in Account A.
  allowed_account_ids = ["222222222222"]

  assume_role {
    role_arn     = "arn:aws-eusc:iam::222222222222:role/TerraformCrossAccount"
    session_name = "terraform"
  }
}
