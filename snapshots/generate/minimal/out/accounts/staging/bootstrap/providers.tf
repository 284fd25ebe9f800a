# Creates the role through another role, which exists already.
provider "aws" {
  region = "us-east-1"

  # Refuses to plan or apply with the credentials of another account.
  allowed_account_ids = ["222222222222"]

  assume_role {
    role_arn     = "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"
    session_name = "terraform"
  }
}
