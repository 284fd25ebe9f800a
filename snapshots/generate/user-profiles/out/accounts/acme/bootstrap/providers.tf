# Creates the role with the credentials of the account itself, from the environment.
provider "aws" {
  region = "eu-west-1"

  # Refuses to plan or apply with the credentials of another account.
  allowed_account_ids = ["333333333333"]
}
