# Authenticates as Account A, management (111111111111).
# Builds in Account B, acme (333333333333).
locals {
  # The choices for `var.role`.
  roles = {
    apply = {
      arn = "arn:aws:iam::333333333333:role/vendors/VendorApply"
    }
    read-only = {
      arn = "arn:aws:iam::333333333333:role/VendorRead"
    }
  }
}

provider "aws" {
  region = "eu-west-1"

  # Without this, a missing or wrong role only causes a warning, and
  # Terraform builds in Account A.
  allowed_account_ids = ["333333333333"]

  assume_role {
    role_arn     = local.roles[var.role].arn
    session_name = "terraform"
    external_id  = "7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51"
  }

  default_tags {
    tags = {
      ManagedBy = "crossrole"
      stage     = "prod"
    }
  }
}
