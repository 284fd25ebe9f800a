# The role to be created cannot be assumed yet, so this root enters through one that is there already.
provider "aws" {
  region = "eusc-de-east-1"

  # The oldest versions that this root accepts do not know the region.
  skip_region_validation = true

  # Stops every plan and apply that runs with the credentials of another account.
  allowed_account_ids = ["222222222222"]

  assume_role {
    role_arn     = "arn:aws-eusc:iam::222222222222:role/OrganizationAccountAccessRole"
    session_name = "terraform"
  }
}
