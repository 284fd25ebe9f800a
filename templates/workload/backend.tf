{% set state_key = workload_state_key -%}
{% set workspace = workload_workspace -%}
{% include "partials/backend.tf" -%}
