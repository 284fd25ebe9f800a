# Creates the roles through another role, which exists already.
provider "aws" {
  region = "eu-central-1"

  # Refuses to plan or apply with the credentials of another account.
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
