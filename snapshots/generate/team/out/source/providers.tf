# Credentials of Account A come from the environment, never from keys in a file.
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

# IAM Identity Center answers in its own region alone.
provider "aws" {
  alias  = "identity_center"
  region = "us-east-1"

  allowed_account_ids = ["111111111111"]

  default_tags {
    tags = {
      ManagedBy = "crossrole"
    }
  }
}
