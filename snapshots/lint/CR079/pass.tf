provider "aws" {
  region              = "us-east-1"
  allowed_account_ids = ["222222222222"]
}

provider "aws" {
  alias               = "prod"
  region              = "us-east-1"
  allowed_account_ids = ["222222222222"]
}

module "verification" {
  source    = "./verification"
  providers = { aws = aws.prod }
}
