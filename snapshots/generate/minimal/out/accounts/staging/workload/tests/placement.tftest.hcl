# Checks, without building anything, that this root builds in staging (222222222222).
run "placement" {
  command = plan

  assert {
    condition     = output.account_id == "222222222222"
    error_message = "This root works in another account: check the assume_role block of its provider."
  }
}
