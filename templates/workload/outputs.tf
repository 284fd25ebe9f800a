{%- if bucket -%}
output "account_id" {
  description = "The account that this root works in."
  value       = module.verification_bucket.account_id
}

output "verification_bucket_arn" {
  description = "The bucket that proves it."
  value       = module.verification_bucket.bucket_arn
}
{%- else -%}
data "aws_caller_identity" "current" {
  lifecycle {
    postcondition {
      condition     = self.account_id == {{ account_id }}
      error_message = "The provider works in account ${self.account_id}: check its assume_role block."
    }
  }
}

output "account_id" {
  description = "The account that this root works in."
  value       = data.aws_caller_identity.current.account_id
}
{%- endif %}
