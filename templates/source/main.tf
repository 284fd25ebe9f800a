# Account A, {{ source_name | comment }} ({{ source_account_id | comment }}): which roles the callers may assume.
{%- if reach == "exact" %}
# Each role by its ARN: with a wildcard, a caller could try every role of every account.
{%- else %}
# The roles of our own organization are covered by their common path and name, limited to accounts of
# {{ organization_id | comment }}; there are too many to name. Roles of other parties are named one by one.
{%- endif %}

locals {
  # A managed policy holds 6,144 characters, so a large fleet is spread over several.
  policies = toset({{ policy_numbers | hcl }})
}
{%- if attached %}

resource "aws_iam_policy" "assume_targets" {
  for_each = local.policies

  name        = "crossrole-assume-targets-${each.key}"
  description = "Assume the roles in the target accounts (part ${each.key} of ${length(local.policies)})"
  policy      = file("${path.module}/assume-targets-${each.key}.json")
}
{%- endif %}
{%- if user_names %}

resource "aws_iam_user_policy_attachment" "assume_targets" {
  # checkov:skip=CKV_AWS_40: The trust policies name these users, so the right belongs to them and to no group.
  for_each = {
    for pair in setproduct({{ user_names | hcl }}, local.policies) : join("/", pair) => pair
  }

  user       = each.value[0]
  policy_arn = aws_iam_policy.assume_targets[each.value[1]].arn
}
{%- endif %}
{%- if role_names %}

resource "aws_iam_role_policy_attachment" "assume_targets" {
  for_each = {
    for pair in setproduct({{ role_names | hcl }}, local.policies) : join("/", pair) => pair
  }

  role       = each.value[0]
  policy_arn = aws_iam_policy.assume_targets[each.value[1]].arn
}
{%- endif %}
