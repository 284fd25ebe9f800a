# Authenticates as Account A, management (111111111111).
# Builds in Account B, staging (333333333333).
# Your own resources there name its provider: `provider = aws.staging`;
# modules, `providers = { aws = aws.staging }`.
locals {
  # The choices for `var.role_staging`.
  roles_staging = {
    apply = {
      arn         = "arn:aws:iam::333333333333:role/Apply"
      external_id = "7f0c2b1e-5d0e-4f43"
    }
    plan = {
      arn         = "arn:aws:iam::333333333333:role/Plan"
      external_id = null
    }
  }
}

variable "role_staging" {
  description = "Key of the role that is assumed in staging."
  type        = string
  default     = "apply"
  nullable    = false

  validation {
    condition     = contains(["apply", "plan"], var.role_staging)
    error_message = "The role must be one of: apply, plan."
  }
}

provider "aws" {
  alias  = "staging"
  region = "us-east-1"

  # Without this, a missing or wrong role only causes a warning, and
  # Terraform builds in Account A.
  allowed_account_ids = ["333333333333"]

  assume_role {
    role_arn     = local.roles_staging[var.role_staging].arn
    session_name = "terraform"
    external_id  = local.roles_staging[var.role_staging].external_id
  }
}

# The same role in us-west-2, for resources and modules that name this provider.
provider "aws" {
  alias  = "staging_us_west_2"
  region = "us-west-2"

  # Without this, a missing or wrong role only causes a warning, and
  # Terraform builds in Account A.
  allowed_account_ids = ["333333333333"]

  assume_role {
    role_arn     = local.roles_staging[var.role_staging].arn
    session_name = "terraform"
    external_id  = local.roles_staging[var.role_staging].external_id
  }
}

# Proves that the provider builds in account 333333333333: anywhere else, the plan fails.
module "verification_staging" {
  source = "../modules/verification-bucket"

  account_id = "333333333333"
  bucket     = "crossrole-verify-333333333333-us-east-1-08277d24"

  providers = {
    aws = aws.staging
  }
}

output "staging" {
  description = "The account that `aws.staging` builds in, and the verification bucket there."
  value = {
    account_id              = module.verification_staging.account_id
    verification_bucket_arn = module.verification_staging.bucket_arn
  }
}
