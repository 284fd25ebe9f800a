# What these files leave open: two kinds of choice are taken over, each with a note, the rest is named.

variable "account" {}

variable "create_admin" {
  type    = bool
  default = false
}

variable "switch" {}

data "aws_caller_identity" "me" {}

locals {
  is_person = can(regex("/people/", data.aws_caller_identity.me.arn))
  accounts = {
    staging    = "222222222222"
    production = "333333333333"
  }
}

# A role that people do not assume.
provider "aws" {
  alias = "pipeline"
  assume_role {
    role_arn = local.is_person ? null : "arn:aws:iam::444444444444:role/Pipeline"
  }
}

# An account for each workspace.
provider "aws" {
  region = "eu-west-1"
  assume_role {
    role_arn = "arn:aws:iam::${local.accounts[terraform.workspace]}:role/Terraform"
  }
}

# Said on the command line.
provider "aws" {
  alias = "shared"
  assume_role {
    role_arn = "arn:aws:iam::${var.account}:role/Terraform"
  }
}

# One of two accounts: nobody knows which.
provider "aws" {
  alias = "either"
  assume_role {
    role_arn = local.is_person ? "arn:aws:iam::666666666666:role/People" : "arn:aws:iam::777777777777:role/Machines"
  }
}

# Not made as things are, and not known to be made.
resource "aws_iam_role" "admin" {
  count = var.create_admin ? 1 : 0
  name  = "admin"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::111111111111:root" } }]
  })
}

resource "aws_iam_role" "maybe" {
  count = var.switch ? 1 : 0
  name  = "maybe"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::111111111111:root" } }]
  })
}
