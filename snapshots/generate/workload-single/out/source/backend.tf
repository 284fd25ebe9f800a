# One state per root, so that a mistake in one reaches no other.
terraform {
  backend "s3" {
    bucket       = "acme-terraform-state"
    key          = "platform/source/terraform.tfstate"
    region       = "us-east-1"
    encrypt      = true
    use_lockfile = true
  }
}
