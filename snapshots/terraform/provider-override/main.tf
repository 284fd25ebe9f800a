provider "aws" {
  region  = "eu-central-1"
  profile = "dev"

  assume_role {
    role_arn = "arn:aws:iam::222222222222:role/Old"
  }
}

provider "aws" {
  alias = "b"
}
