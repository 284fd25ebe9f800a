# Credentials of Account A come from a profile, never from keys in a file.
provider "aws" {
  profile = "management"
  region  = "us-east-1"

  # Refuses to plan or apply with the credentials of another account.
  allowed_account_ids = ["111111111111"]
}
