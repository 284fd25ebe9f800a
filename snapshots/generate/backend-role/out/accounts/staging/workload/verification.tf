# Proves the wiring: the bucket lands in 222222222222, or the plan fails.
module "verification_bucket" {
  source = "../../../modules/verification-bucket"

  account_id = "222222222222"
  bucket     = "crossrole-verify-222222222222-us-east-1-429a21f7"
}
