output "account_id" {
  description = "The account that the provider works in; equal to the one asked for, or the plan fails."
  value       = data.aws_caller_identity.current.account_id
}

output "bucket_arn" {
  description = "The bucket's ARN."
  value       = aws_s3_bucket.verification.arn
}
