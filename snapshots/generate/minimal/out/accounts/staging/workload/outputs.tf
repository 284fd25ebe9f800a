output "account_id" {
  description = "The account that this root works in."
  value       = module.verification_bucket.account_id
}

output "verification_bucket_arn" {
  description = "The bucket that proves it."
  value       = module.verification_bucket.bucket_arn
}
