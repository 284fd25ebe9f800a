# Shows, without building anything, that this root works in {{ target | comment }} ({{ account_id | comment }}).
run "placement" {
  command = plan

  assert {
    condition     = output.account_id == {{ account_id }}
    error_message = "This root works in another account: check the assume_role block of its provider."
  }
}
