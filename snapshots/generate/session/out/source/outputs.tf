output "assume_targets_policy_arns" {
  description = "The policies that let the callers assume the roles in the target accounts."
  value       = [for policy in aws_iam_policy.assume_targets : policy.arn]
}
