output "role_arns" {
  description = "The roles that the workload root can assume."
  value = {
    apply = aws_iam_role.apply.arn
    plan  = aws_iam_role.plan.arn
  }
}
