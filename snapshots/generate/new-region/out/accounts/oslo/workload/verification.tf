# Proves the wiring: the bucket lands in 222222222222, or the plan fails.
module "verification_bucket" {
  source = "../../../modules/verification-bucket"

  account_id = "222222222222"
  bucket     = "crossrole-verify-222222222222-eu-north-1-2d8ec3a1"
}
