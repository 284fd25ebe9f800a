# Authenticates as Account A, management (111111111111), and works in Account B, prod (333333333333).
locals {
  # What each choice of `var.role` stands for.
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

  # If the role below were missing or mistaken, Terraform would only warn and build in Account A.
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

# The same role in us-west-2: resources and modules name this provider themselves.
provider "aws" {
  alias  = "us_west_2"
  region = "us-west-2"

  # If the role below were missing or mistaken, Terraform would only warn and build in Account A.
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
