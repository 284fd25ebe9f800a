data "aws_caller_identity" "current" {
  lifecycle {
    postcondition {
      condition     = self.account_id == "222222222222"
      error_message = "The provider works in account ${self.account_id}: check its assume_role block."
    }
  }
}

output "account_id" {
  description = "ID of the account that this root builds in."
  value       = data.aws_caller_identity.current.account_id
}
