terraform {
  backend "s3" {
    bucket       = "acme-state"
    key          = "prod.tfstate"
    region       = "us-east-1"
    use_lockfile = true
  }
}
