output "assume_policy_arns" {
  description = "ARNs of the policies that let each caller assume roles in the target accounts."
  value = {
    "alice"     = [aws_iam_policy.alice.arn]
    "bob"       = [aws_iam_policy.bob.arn]
    "terraform" = [aws_iam_policy.terraform.arn]
  }
}
