# One state per root, so that a mistake in one reaches no other.
terraform {
  backend "s3" {
    bucket       = "acme-terraform-state"
    key          = "teams/platform/accounts/staging/workload/terraform.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
    kms_key_id   = "arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"

    # Access to the state has a role of its own, apart from the provider's.
    assume_role = {
      role_arn    = "arn:aws:iam::444444444444:role/state/Writer"
      external_id = "state-of-platform"
    }
  }
}
