# Authenticates as Account A, source (111111111111), and works in Account B, removes (444444444444).
provider "aws" {
  region = "us-east-1"

  # If the role below were missing or mistaken, Terraform would only warn and build in Account A.
  allowed_account_ids = ["444444444444"]

  assume_role {
    role_arn     = "arn:aws:iam::444444444444:role/Deployer"
    session_name = "terraform"
  }
}
