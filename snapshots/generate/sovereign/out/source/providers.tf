# Credentials of Account A come from the environment, never from keys in a file.
provider "aws" {
  region = "eusc-de-east-1"

  # The oldest versions that this root accepts do not know the region.
  skip_region_validation = true

  # Stops every plan and apply that runs with the credentials of another account.
  allowed_account_ids = ["111111111111"]
}
