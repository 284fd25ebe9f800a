# Authenticates as Account A, management (111111111111).
# Builds in Account B, prod (333333333333).
locals {
  # The choices for `var.role`.
  roles = {
    apply = {
      arn = "arn:aws:iam::333333333333:role/TerraformApply"
    }
    plan = {
      arn = "arn:aws:iam::333333333333:role/TerraformPlan"
    }
  }
}

provider "aws" {
  region = "eu-central-1"

  # Without this, a missing or wrong role only causes a warning, and
  # Terraform builds in Account A.
  allowed_account_ids = ["333333333333"]

  assume_role {
    role_arn     = local.roles[var.role].arn
    session_name = "terraform"
  }

  default_tags {
    tags = {
      ManagedBy = "crossrole"
      stage     = "prod"
    }
  }
}

# The same role in us-west-2, for resources and modules that name this provider.
provider "aws" {
  alias  = "us_west_2"
  region = "us-west-2"

  # Without this, a missing or wrong role only causes a warning, and
  # Terraform builds in Account A.
  allowed_account_ids = ["333333333333"]

  assume_role {
    role_arn     = local.roles[var.role].arn
    session_name = "terraform"
  }

  default_tags {
    tags = {
      ManagedBy = "crossrole"
      stage     = "prod"
    }
  }
}
