# The role to be created cannot be assumed yet, so this root needs credentials of the account itself.
provider "aws" {
  profile = "customer one"
  region  = "eu-west-1"

  # Stops every plan and apply that runs with the credentials of another account.
  allowed_account_ids = ["222222222222"]
}
