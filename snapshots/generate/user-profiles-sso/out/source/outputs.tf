output "assume_policy_arns" {
  description = "ARNs of the policies that let each caller assume roles in the target accounts."
  value = {
    "auditor"       = [aws_iam_policy.auditor.arn]
    "ci"            = [aws_iam_policy.ci.arn]
    "platformadmin" = [aws_iam_policy.platformadmin.arn]
  }
}

output "caller_role_arns" {
  description = "ARNs of the roles that callers assume with a token of their platform."
  value = {
    "ci" = aws_iam_role.ci.arn
  }
}
