# The roles of the targets, as a stack set: CloudFormation creates them in every account of these organizational units,
# and in each account that joins them later. Its template is the same everywhere.
resource "aws_cloudformation_stack_set" "roles" {
  name             = "platform-roles"
  description      = "IAM roles that AWS account 111111111111 assumes, by crossrole"
  permission_model = "SERVICE_MANAGED"
  call_as          = "DELEGATED_ADMIN"
  capabilities     = ["CAPABILITY_NAMED_IAM"]
  template_body    = file("${path.module}/roles.cfn.json")

  auto_deployment {
    enabled = true

    # An account that leaves the units loses its roles: Account A can no longer enter it.
    retain_stacks_on_account_removal = false
  }

  # Changes wait for accounts that are joining, instead of failing.
  managed_execution {
    active = true
  }

  # A change reaches one account after the other, so that a mistake stops in the first.
  timeouts {
    update = "6h"
  }

  lifecycle {
    # AWS fills it in.
    ignore_changes = [administration_role_arn]

    # Replacing the stack set would first delete every role that it created.
    prevent_destroy = true
  }
}

# One for each unit, so that adding or removing one leaves the others alone. Roles are deployed in one region only: IAM is
# global.
resource "aws_cloudformation_stack_set_instance" "roles" {
  for_each = toset(["ou-ab12-c3d4e5f6", "ou-ab12-workload"])

  stack_set_name = aws_cloudformation_stack_set.roles.name
  call_as        = "DELEGATED_ADMIN"

  deployment_targets {
    organizational_unit_ids = [each.key]
  }

  # All accounts at once, and no further ones after a failure.
  operation_preferences {
    concurrency_mode          = "SOFT_FAILURE_TOLERANCE"
    max_concurrent_percentage = 100
  }

  timeouts {
    create = "2h"
    delete = "2h"
  }
}
