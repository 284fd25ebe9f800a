output "assume_policy_arns" {
  description = "ARNs of the policies that let each caller assume roles in the target accounts."
  value = {
    "Operations" = [aws_iam_policy.operations.arn]
    "deployer"   = [aws_iam_policy.deployer.arn]
  }
}
