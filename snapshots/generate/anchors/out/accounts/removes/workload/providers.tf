# Authenticates as Account A, source (111111111111), and builds in Account B, removes (444444444444).
provider "aws" {
  region = "us-east-1"

  # Without this, a missing or wrong role would only cause a warning, and Terraform would build in Account A.
  allowed_account_ids = ["444444444444"]

  assume_role {
    role_arn     = "arn:aws:iam::444444444444:role/Deployer"
    session_name = "terraform"
  }
}
