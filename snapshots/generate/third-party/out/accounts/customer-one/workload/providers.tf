# Authenticates as Account A, vendor (111111111111).
# Builds in Account B, customer-one (222222222222).
provider "aws" {
  region = "eu-west-1"

  # Without this, a missing or wrong role only causes a warning, and
  # Terraform builds in Account A.
  allowed_account_ids = ["222222222222"]

  assume_role {
    role_arn     = "arn:aws:iam::222222222222:role/vendors/VendorAccess"
    session_name = "vendor-terraform"
    external_id  = "7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51"
  }
}
