# Authenticates as Account A, management (111111111111).
# Builds in Account B, 1st (222222222222).
# Your own resources there name its provider: `provider = aws._1st`;
# modules, `providers = { aws = aws._1st }`.
provider "aws" {
  alias  = "_1st"
  region = "us-east-1"

  # Without this, a missing or wrong role only causes a warning, and
  # Terraform builds in Account A.
  allowed_account_ids = ["222222222222"]

  assume_role {
    role_arn     = "arn:aws:iam::222222222222:role/TerraformCrossAccount"
    session_name = "terraform"
  }
}

# Proves that the provider builds in account 222222222222: anywhere else, the plan fails.
data "aws_caller_identity" "_1st" {
  provider = aws._1st

  lifecycle {
    postcondition {
      condition     = self.account_id == "222222222222"
      error_message = "The provider works in account ${self.account_id}: check its assume_role block."
    }
  }
}

output "_1st" {
  description = "The account that `aws._1st` builds in."
  value = {
    account_id = data.aws_caller_identity._1st.account_id
  }
}
