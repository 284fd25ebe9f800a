# crossrole:ignore CR076 2999-12-31 stands for itself

terraform {
  # crossrole:ignore CR077 soon
  # crossrole:ignore CR997 2999-12-31 there is no such finding
  backend "s3" {
    bucket         = "acme-state"
    key            = "prod.tfstate"
    region         = "us-east-1" # crossrole:ignore CR077 2999-12-31 is on another line
    dynamodb_table = "locks"     # crossrole:ignore CR077 2999-12-31 until everyone has Terraform 1.11
  }
}

provider "aws" {
  profile             = "management"
  allowed_account_ids = ["111111111111"]

  assume_role {
    role_arn = "" # crossrole:ignore CR072 2999-12-31 no waiver silences an error
  }
}
