# Credentials of Account A come from the environment, never from keys in a file.
provider "aws" {
  region = "us-east-1"

  # Refuses to plan or apply with the credentials of another account.
  allowed_account_ids = ["111111111111"]

  default_tags {
    tags = {
      ManagedBy = "crossrole"
    }
  }
}
