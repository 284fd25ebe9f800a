terraform {
  backend "s3" {
    bucket       = "acme-state"
    key          = "prod.tfstate"
    region       = "us-east-1"
    use_lockfile = true
  }
}

provider "aws" {
  region              = "us-east-1"
  profile             = "management"
  allowed_account_ids = ["111111111111"]
}
