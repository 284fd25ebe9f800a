output "role_arn" {
  description = "The role that the workload root assumes."
  value       = aws_iam_role.cross_account.arn
}
