# Checks, without building anything, that this root builds in changes (333333333333).
run "placement" {
  command = plan

  assert {
    condition     = output.account_id == "333333333333"
    error_message = "This root works in another account: check the assume_role block of its provider."
  }
}
