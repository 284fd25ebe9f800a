{% if backend == "s3" -%}
# One state per root, so that a mistake in one reaches no other.
terraform {
  backend "s3" {
    bucket       = {{ backend_bucket }}
    key          = {{ state_key }}
    region       = {{ backend_region }}
{%- if credentials_profile %}
    profile = {{ credentials_profile }}
{%- endif %}
    encrypt      = true
    use_lockfile = true
{%- if backend_kms_key_id %}
    kms_key_id = {{ backend_kms_key_id }}
{%- endif %}
{%- if backend_role_arn %}

    # The state is reached by a role of its own, apart from the provider's.
    assume_role = {
      role_arn = {{ backend_role_arn }}
{%- if backend_external_id %}
      external_id = {{ backend_external_id }}
{%- endif %}
    }
{%- endif %}
  }
}
{% else -%}
# One workspace per root, so that a mistake in one reaches no other.
terraform {
  cloud {
    organization = {{ backend_organization }}
{%- if backend_hostname %}
    hostname = {{ backend_hostname }}
{%- endif %}

    workspaces {
      name = {{ workspace }}
{%- if backend_project %}
      project = {{ backend_project }}
{%- endif %}
    }
  }
}
{% endif -%}
