provider "aws" {
  alias   = "workload"
  profile = "source"
  region  = "us-east-2"

  assume_role {
    role_arn = "arn:aws:iam::222222222222:role/assume_role"
  }
}
