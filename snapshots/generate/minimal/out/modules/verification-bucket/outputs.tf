output "account_id" {
  description = "ID of the account that the provider builds in; if it is not `var.account_id`, the plan fails."
  value       = data.aws_caller_identity.current.account_id
}

output "bucket_arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.verification.arn
}
