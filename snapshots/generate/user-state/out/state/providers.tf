# Authenticates as Account A, source (111111111111), which owns the bucket of the states.
provider "aws" {
  region = "eu-central-1"

  # Refuses to plan or apply with the credentials of another account.
  allowed_account_ids = ["111111111111"]

  default_tags {
    tags = {
      ManagedBy = "crossrole"
    }
  }
}
