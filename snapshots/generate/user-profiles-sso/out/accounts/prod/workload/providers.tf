# Authenticates as Account A, source (111111111111).
# Builds in Account B, prod (333333333333).
locals {
  # The choices for `var.role`.
  roles = {
    apply = {
      arn = "arn:aws:iam::333333333333:role/TerraformApply"
    }
    audit = {
      arn = "arn:aws:iam::333333333333:role/TerraformAudit"
    }
    deploy = {
      arn = "arn:aws:iam::333333333333:role/TerraformDeploy"
    }
  }
}

provider "aws" {
  region = "us-east-1"

  # Without this, a missing or wrong role only causes a warning, and
  # Terraform builds in Account A.
  allowed_account_ids = ["333333333333"]

  assume_role {
    role_arn     = local.roles[var.role].arn
    session_name = "terraform"
  }
}
