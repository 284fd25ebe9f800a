output "role_arns" {
  description = "ARNs of the roles that the workload root can assume."
  value = {
    apply = aws_iam_role.apply.arn
    plan  = aws_iam_role.plan.arn
  }
}
