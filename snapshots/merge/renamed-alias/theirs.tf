provider "aws" {
  alias  = "a"
  region = "eu-west-1"

  assume_role {
    role_arn     = "arn:aws:iam::222222222222:role/x"
    session_name = "u"
  }
}

resource "aws_sqs_queue" "this" {
  provider = aws.a
}
