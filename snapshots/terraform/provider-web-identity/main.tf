provider "aws" {
  assume_role_with_web_identity {
    role_arn                = "arn:aws:iam::222222222222:role/ci"
    web_identity_token_file = "/var/run/token"
  }
}
