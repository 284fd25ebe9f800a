terraform {
  backend "s3" {
    bucket       = "acme-state"
    key          = "network.tfstate"
    region       = "us-east-9"
    use_lockfile = true
  }
}

provider "aws" {
  region              = "eu-frankfurt-1"
  allowed_account_ids = ["222222222222"]
}
