# Checks, without building anything, that `aws.staging` builds in staging (333333333333).
# No other account is entered for that.
run "placement" {
  command = plan

  plan_options {
    target = [module.verification_staging]
  }

  assert {
    condition     = output.staging.account_id == "333333333333"
    error_message = "The provider works in another account: check its assume_role block."
  }
}
