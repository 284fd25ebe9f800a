# One state per root, so that a mistake in one reaches no other.
terraform {
  backend "s3" {
    bucket       = "acme-terraform-state"
    key          = "second/source/terraform.tfstate"
    region       = "us-east-1"
    encrypt      = true
    use_lockfile = true

    # Access to the state has a role of its own, apart from the provider's.
    assume_role = {
      role_arn    = "arn:aws:iam::111111111111:role/terraform-state"
      external_id = "acme-state"
    }
  }
}
