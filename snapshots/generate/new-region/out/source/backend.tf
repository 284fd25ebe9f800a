# One state per root, so that a mistake in one reaches no other.
terraform {
  backend "s3" {
    bucket       = "acme-state"
    key          = "crossrole/source/terraform.tfstate"
    region       = "mx-central-1"
    encrypt      = true
    use_lockfile = true

    # The oldest versions that this root accepts do not know this region.
    skip_region_validation = true
  }
}
