{% set state_key = source_state_key -%}
{% set workspace = source_workspace -%}
{% include "partials/backend.tf" -%}
