output "assume_policy_arns" {
  description = "ARNs of the policies that let each caller assume roles in the target accounts."
  value = {
    "ada" = [aws_iam_policy.ada.arn]
  }
}
