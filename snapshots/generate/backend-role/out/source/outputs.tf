output "assume_policy_arns" {
  description = "ARNs of the policies that let each caller assume roles in the target accounts."
  value = {
    "buildkite" = [aws_iam_policy.buildkite.arn]
    "ci"        = [aws_iam_policy.ci.arn]
    "terraform" = [aws_iam_policy.terraform.arn]
  }
}

output "caller_role_arns" {
  description = "ARNs of the roles that callers assume with a token of their platform."
  value = {
    "buildkite" = aws_iam_role.buildkite.arn
    "ci"        = aws_iam_role.ci.arn
  }
}
