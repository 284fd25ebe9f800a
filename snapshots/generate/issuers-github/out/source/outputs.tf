output "assume_policy_arns" {
  description = "ARNs of the policies that let each caller assume roles in the target accounts."
  value = {
    "enterprise" = [aws_iam_policy.enterprise.arn]
    "ghe-com"    = [aws_iam_policy.ghe_com.arn]
    "server"     = [aws_iam_policy.server.arn]
  }
}

output "caller_role_arns" {
  description = "ARNs of the roles that callers assume with a token of their platform."
  value = {
    "enterprise" = aws_iam_role.enterprise.arn
    "ghe-com"    = aws_iam_role.ghe_com.arn
    "server"     = aws_iam_role.server.arn
  }
}
