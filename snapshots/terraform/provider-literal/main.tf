provider "aws" {
  alias               = "target"
  region              = "eu-central-1"
  allowed_account_ids = ["222222222222"]

  assume_role {
    role_arn     = "arn:aws:iam::222222222222:role/Deployer"
    session_name = "ci"
    external_id  = "7f0c2b1e"
  }
}
