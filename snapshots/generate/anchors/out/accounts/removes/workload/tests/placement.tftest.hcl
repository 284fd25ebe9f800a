# Checks, without building anything, that this root builds in removes (444444444444).
run "placement" {
  command = plan

  assert {
    condition     = output.account_id == "444444444444"
    error_message = "This root works in another account: check the assume_role block of its provider."
  }
}
