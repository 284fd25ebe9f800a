# Proves that this root builds in account 222222222222: anywhere else, the plan fails.
module "verification_bucket" {
  source = "../../../modules/verification-bucket"

  account_id = "222222222222"
  bucket     = "crossrole-verify-222222222222-eu-west-1-23fa42a5"
}
