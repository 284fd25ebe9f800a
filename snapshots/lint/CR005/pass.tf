terraform {
  backend "s3" {
    bucket                      = "acme-state"
    key                         = "network.tfstate"
    region                      = "auto"
    use_lockfile                = true
    skip_region_validation      = true
    skip_credentials_validation = true
    endpoints                   = { s3 = "https://storage.example.com" }
  }
}

provider "aws" {
  region              = "eu-central-1"
  allowed_account_ids = ["222222222222"]
}
