variable "account_id" {
  default = "222222222222"
}

variable "team" {
  default = "platform"
}

locals {
  partition = "aws"
  role_name = format("%s-terraform-%02d", var.team, 7)
}

provider "aws" {
  alias               = "staging"
  region              = format("%s-%d", "eu-west", 1)
  allowed_account_ids = [var.account_id]

  assume_role {
    role_arn    = format("arn:%s:iam::%s:role/%s", local.partition, var.account_id, local.role_name)
    external_id = format("%v", "7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51")
  }
}

provider "aws" {
  alias               = "owner"
  allowed_account_ids = ["222222222222"]
}

resource "aws_iam_role" "terraform" {
  provider = aws.owner
  name     = local.role_name

  assume_role_policy = format(
    "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \"Principal\": {\"AWS\": %q}, \"Condition\": {\"StringEquals\": {\"sts:ExternalId\": \"7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51\"}}}]}",
    format("arn:aws:iam::%012d:role/ci", 111111111111),
  )
}

resource "aws_iam_role_policy_attachment" "terraform" {
  provider   = aws.owner
  role       = aws_iam_role.terraform.name
  policy_arn = format("arn:%s:iam::aws:policy/%s", local.partition, "ReadOnlyAccess")
}
