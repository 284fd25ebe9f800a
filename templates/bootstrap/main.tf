# Account B, {{ target | comment }} ({{ account_id | comment }}): the role that Account A, {{ source_name | comment }} ({{ source_account_id | comment }}), assumes.
# Run this root with credentials of {{ account_id | comment }} itself; CROSSROLE.md says when.

resource "aws_iam_role" "cross_account" {
  name        = {{ role_name }}
  path        = {{ role_path }}
  description = {{ role_description }}

  # Who may assume the role, and under which conditions.
  assume_role_policy   = file("${path.module}/trust-policy.json")
  max_session_duration = {{ max_session_duration | hcl }}
{%- if permissions_boundary %}

  # The role can never do more than this, whatever is attached to it.
  permissions_boundary = {{ permissions_boundary }}
{%- endif %}
{%- if role_tags %}

  tags = {{ role_tags | hcl }}
{%- endif %}
}
{%- if policy_arns %}

resource "aws_iam_role_policy_attachment" "cross_account" {
  for_each = toset({{ policy_arns | hcl }})

  role       = aws_iam_role.cross_account.name
  policy_arn = each.value
}
{%- endif %}
{%- if inline_policy_names %}

resource "aws_iam_role_policy" "cross_account" {
  for_each = toset({{ inline_policy_names | hcl }})

  name   = each.value
  role   = aws_iam_role.cross_account.name
  policy = file("${path.module}/policies/${each.value}.json")
}
{%- endif %}
