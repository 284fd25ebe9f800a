output "account_id" {
  description = "ID of the account that this root builds in."
  value       = module.verification_bucket.account_id
}

output "verification_bucket_arn" {
  description = "ARN of the verification bucket."
  value       = module.verification_bucket.bucket_arn
}
