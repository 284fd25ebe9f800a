provider "aws" {
  profile = "prod"

  assume_role {
    role_arn = "arn:aws:iam::333333333333:role/New"
  }
}

provider "aws" {
  alias  = "b"
  region = "us-east-1"
}
