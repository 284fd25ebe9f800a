locals {
  target = "222222222222"
}

provider "aws" {
  allowed_account_ids = [local.target]

  assume_role {
    role_arn = "arn:aws:iam::${local.target}:role/Deployer"
  }
}
