# Authenticates as Account A, {{ source_name | comment }} ({{ source_account_id | comment }}), and works in Account B, {{ target | comment }} ({{ account_id | comment }}).
provider "aws" {
{%- if credentials_profile %}
  profile = {{ credentials_profile }}
{%- endif %}
  region = {{ region }}

  # If the role below were missing or mistaken, Terraform would only warn and build in Account A.
  allowed_account_ids = [{{ account_id }}]

  assume_role {
    role_arn     = {{ role_arn }}
    session_name = {{ session_name }}
{%- if external_id %}
    external_id = {{ external_id }}
{%- endif %}
{%- if session_duration %}
    duration = {{ session_duration }}
{%- endif %}
{%- if source_identity %}
    source_identity = {{ source_identity }}
{%- endif %}
{%- if session_policy %}
    policy = {{ session_policy }}
{%- endif %}
{%- if session_policy_arns %}
    policy_arns = {{ session_policy_arns | hcl }}
{%- endif %}
{%- if transitive_tag_keys %}
    transitive_tag_keys = {{ transitive_tag_keys | hcl }}
{%- endif %}
{%- if session_tags %}

    tags = {{ session_tags | hcl }}
{%- endif %}
  }
}
