output "role_arn" {
  description = "ARN of the role that the workload root assumes."
  value       = aws_iam_role.cross_account.arn
}
