# Roles that the deployment account assumes in every workload account.

terraform {
  required_version = ">= 1.6"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

variable "accounts" {
  description = "The workload accounts, by name."
  type = map(object({
    id          = string
    environment = optional(string, "dev") # one of dev, stage, prod
    regions     = optional(list(string), ["eu-central-1", "eu-west-1"])
  }))
  default = {}

  validation {
    condition     = alltrue([for account in values(var.accounts) : can(regex("^[0-9]{12}$", account.id))])
    error_message = "Each account id has twelve digits."
  }
}

locals {
  partition  = data.aws_partition.current.partition
  production = { for name, account in var.accounts : name => account if account.environment == "prod" }
  tags = merge(var.tags, {
    ManagedBy = "terraform"
    Owner     = coalesce(var.owner, "platform")
  })
}

data "aws_iam_policy_document" "trust" {
  for_each = var.accounts

  statement {
    sid     = "AllowDeployment"
    effect  = "Allow"
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${var.deployment_account_id}:root"]
    }

    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [each.value.external_id]
    }
  }
}

resource "aws_iam_role" "deployment" {
  for_each = var.accounts

  name                 = "${var.prefix}-deployment-${each.key}"
  description          = "Assumed by the deployment account to change ${each.key}"
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  max_session_duration = var.session_hours * 3600
  permissions_boundary = var.boundary_arn != null ? var.boundary_arn : local.default_boundary_arn

  tags = merge(local.tags, {
    Name        = each.key
    Environment = each.value.environment
  })

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [tags["LastUsed"]]
  }
}

resource "aws_iam_role_policy" "deployment" {
  for_each = { for pair in setproduct(keys(var.accounts), local.policies) : "${pair[0]}/${pair[1].name}" => pair[1] }

  role   = aws_iam_role.deployment[split("/", each.key)[0]].id
  name   = each.value.name
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "ReadState",
          "Effect": "Allow",
          "Action": ["s3:GetObject", "s3:ListBucket"],
          "Resource": "arn:${local.partition}:s3:::${var.bucket}/*"
        }
      ]
    }
  EOT
}

module "audit" {
  source = "./modules/audit"

  count    = length(local.production) > 0 ? 1 : 0
  accounts = local.production
  topic    = try(aws_sns_topic.audit[0].arn, null)

  providers = {
    aws = aws.audit
  }
}

output "role_arns" {
  description = "The ARNs of the deployment roles, by account."
  value       = { for name, role in aws_iam_role.deployment : name => role.arn }
}
