# The role to be created cannot be assumed yet, so this root enters through one that is there already.
provider "aws" {
  region = "eu-central-1"

  # Stops every plan and apply that runs with the credentials of another account.
  allowed_account_ids = ["333333333333"]

  assume_role {
    role_arn     = "arn:aws:iam::333333333333:role/OrganizationAccountAccessRole"
    session_name = "terraform"
  }

  default_tags {
    tags = {
      ManagedBy = "crossrole"
      stage     = "prod"
    }
  }
}
