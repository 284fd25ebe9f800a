# One state per root, so that a mistake in one reaches no other.
terraform {
  backend "s3" {
    bucket       = "acme-terraform-state"
    key          = "platform/state/terraform.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
    kms_key_id   = "arn:aws:kms:eu-central-1:111111111111:key/6f1f2f3f-0000-4000-8000-000000000001"

    # Access to the state has a role of its own, apart from the provider's.
    assume_role = {
      role_arn    = "arn:aws:iam::111111111111:role/terraform/State"
      external_id = "acme-state"
    }
  }
}
