{% set state_key = bootstrap_state_key -%}
{% set workspace = bootstrap_workspace -%}
{% include "partials/backend.tf" -%}
