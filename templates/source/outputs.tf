{%- if attached -%}
output "assume_targets_policy_arns" {
  description = "The policies that let the callers assume the roles in the target accounts."
  value       = [for policy in aws_iam_policy.assume_targets : policy.arn]
}
{%- else -%}
output "assume_targets_policies" {
  description = "Identity policies for whoever in this account is to assume the roles; attached to nobody."
  value       = { for number in local.policies : number => file("${path.module}/assume-targets-${number}.json") }
}
{%- endif %}
