output "role_arns" {
  description = "ARNs of the roles that the workload root can assume."
  value = {
    apply  = aws_iam_role.apply.arn
    audit  = aws_iam_role.audit.arn
    deploy = aws_iam_role.deploy.arn
  }
}
