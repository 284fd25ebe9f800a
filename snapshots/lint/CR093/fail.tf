check "placement" {
  data "aws_caller_identity" "now" {}

  assert {
    condition     = data.aws_caller_identity.now.account_id == "222222222222"
    error_message = "wrong account"
  }
}
