# crossrole:ignore CR071 2999-12-31 the root is for whichever account the credentials are of
provider "aws" {
  alias = "a"
}

terraform {
  # crossrole:ignore CR076 2999-12-31 the state is in an account of its own
  # crossrole:ignore CR077 2999-12-31 until everyone has Terraform 1.11
  backend "s3" {
    bucket         = "acme-state"
    key            = "prod.tfstate"
    region         = "us-east-1"
    dynamodb_table = "locks"
  }
}

provider "aws" {
  profile             = "management"
  allowed_account_ids = ["111111111111"]
}
