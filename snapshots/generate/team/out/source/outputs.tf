output "assume_policy_arns" {
  description = "ARNs of the policies that let each caller assume roles in the target accounts."
  value = {
    "ci-apply"      = [aws_iam_policy.ci_apply.arn]
    "ci-plan"       = [aws_iam_policy.ci_plan.arn]
    "platformadmin" = [aws_iam_policy.platformadmin.arn]
    "runner"        = [aws_iam_policy.runner.arn]
  }
}

output "caller_role_arns" {
  description = "ARNs of the roles that callers assume with a token of their platform."
  value = {
    "ci-apply" = aws_iam_role.ci_apply.arn
    "ci-plan"  = aws_iam_role.ci_plan.arn
  }
}
