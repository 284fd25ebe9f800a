# Proves the wiring: the bucket lands in {{ account_id | comment }}, or the plan fails.
module "verification_bucket" {
  source = "../../../modules/verification-bucket"

  account_id = {{ account_id }}
  bucket     = {{ bucket }}
}
