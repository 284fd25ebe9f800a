# Creates the role through another role, which exists already.
provider "aws" {
  region = "eusc-de-east-1"

  # The oldest versions that this root accepts do not know this region.
  skip_region_validation = true

  # Refuses to plan or apply with the credentials of another account.
  allowed_account_ids = ["222222222222"]

  assume_role {
    role_arn     = "arn:aws-eusc:iam::222222222222:role/OrganizationAccountAccessRole"
    session_name = "terraform"
  }
}
