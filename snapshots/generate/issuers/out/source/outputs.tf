output "assume_policy_arns" {
  description = "ARNs of the policies that let each caller assume roles in the target accounts."
  value = {
    "gitlab"     = [aws_iam_policy.gitlab.arn]
    "gitlab-env" = [aws_iam_policy.gitlab_env.arn]
    "gitlab-own" = [aws_iam_policy.gitlab_own.arn]
    "hcp"        = [aws_iam_policy.hcp.arn]
    "tfe"        = [aws_iam_policy.tfe.arn]
  }
}

output "caller_role_arns" {
  description = "ARNs of the roles that callers assume with a token of their platform."
  value = {
    "gitlab"     = aws_iam_role.gitlab.arn
    "gitlab-env" = aws_iam_role.gitlab_env.arn
    "gitlab-own" = aws_iam_role.gitlab_own.arn
    "hcp"        = aws_iam_role.hcp.arn
    "tfe"        = aws_iam_role.tfe.arn
  }
}
