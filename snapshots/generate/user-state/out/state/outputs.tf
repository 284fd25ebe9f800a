output "bucket_arn" {
  description = "ARN of the bucket that holds the states."
  value       = aws_s3_bucket.states.arn
}

output "role_arn" {
  description = "ARN of the role that reaches the states."
  value       = aws_iam_role.states.arn
}
