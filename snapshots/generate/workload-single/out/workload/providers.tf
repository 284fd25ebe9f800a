# Refuses every account: a resource or module without a provider of its own fails here, and is not built in Account A,
# management (111111111111), by mistake. Each account has a provider in a file of its own.
provider "aws" {
  region = "us-east-1"

  # The ID of no account.
  allowed_account_ids = ["000000000000"]
}
