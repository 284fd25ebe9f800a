{%- if credentials_profile -%}
# Credentials of Account A come from a profile, never from keys in a file.
{%- else -%}
# Credentials of Account A come from the environment, never from keys in a file.
{%- endif %}
provider "aws" {
{%- if credentials_profile %}
  profile = {{ credentials_profile }}
{%- endif %}
  region = {{ source_region }}

  # Stops every plan and apply that runs with the credentials of another account.
  allowed_account_ids = [{{ source_account_id }}]
}
