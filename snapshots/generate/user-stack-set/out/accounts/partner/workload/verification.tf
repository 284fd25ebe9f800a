# Proves that this root builds in account 333333333333: anywhere else, the plan fails.
module "verification_bucket" {
  source = "../../../modules/verification-bucket"

  account_id = "333333333333"
  bucket     = "crossrole-verify-333333333333-us-east-1-31678f9b"
}
