provider "aws" {
  region              = "us-east-1"
  allowed_account_ids = ["222222222222"]
  profile             = "management"

  assume_role {
    role_arn     = "arn:aws:iam::222222222222:role/Deployer"
    session_name = "terraform"
    duration     = "2h"
  }
}
