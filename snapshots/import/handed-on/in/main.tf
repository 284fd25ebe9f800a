# One module, handed the provider of each account; a vendor that is let in beside the source.

provider "aws" {
  alias               = "staging"
  region              = "eu-west-1"
  allowed_account_ids = ["222222222222"]
}

provider "aws" {
  alias               = "production"
  region              = "eu-west-1"
  allowed_account_ids = ["333333333333"]
}

module "staging" {
  source = "./access"
  providers = {
    aws = aws.staging
  }
}

module "production" {
  source = "./access"
  providers = {
    aws = aws.production
  }
}
