# Checks, without building anything, that `aws._1st` builds in 1st (222222222222).
# No other account is entered for that.
run "placement" {
  command = plan

  plan_options {
    target = [data.aws_caller_identity._1st]
  }

  assert {
    condition     = output._1st.account_id == "222222222222"
    error_message = "The provider works in another account: check its assume_role block."
  }
}
