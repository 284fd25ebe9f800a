# Proves that this root builds in account 444444444444: anywhere else, the plan fails.
module "verification_bucket" {
  source = "../../../modules/verification-bucket"

  account_id = "444444444444"
  bucket     = "crossrole-verify-444444444444-us-east-1-383a53a9"
}
