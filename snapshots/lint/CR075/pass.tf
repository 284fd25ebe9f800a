terraform {
  backend "s3" {
    bucket       = "acme-state"
    key          = "prod.tfstate"
    region       = "us-east-1"
    use_lockfile = true
    assume_role  = { role_arn = "arn:aws:iam::111111111111:role/State" }
  }
}
