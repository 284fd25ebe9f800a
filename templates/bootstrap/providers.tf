{%- if bootstrap == "assume_role" -%}
# The role to be created cannot be assumed yet, so this root enters through one that is there already.
{%- else -%}
# The role to be created cannot be assumed yet, so this root needs credentials of the account itself.
{%- endif %}
provider "aws" {
{%- if bootstrap_profile %}
  profile = {{ bootstrap_profile }}
{%- endif %}
  region = {{ region }}

  # Stops every plan and apply that runs with the credentials of another account.
  allowed_account_ids = [{{ account_id }}]
{%- if bootstrap_role_arn %}

  assume_role {
    role_arn     = {{ bootstrap_role_arn }}
    session_name = {{ session_name }}
  }
{%- endif %}
}
