# Credentials of Account A come from the environment, never from keys in a file.
provider "aws" {
  region = "eusc-de-east-1"

  # The oldest versions that this root accepts do not know this region.
  skip_region_validation = true

  # Refuses to plan or apply with the credentials of another account.
  allowed_account_ids = ["111111111111"]
}
