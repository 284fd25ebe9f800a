locals {
  role_name = "deploy-${var.team}"
  accounts  = merge(var.accounts, { sandbox = "444444444444" })
}

provider "aws" {
  alias  = "staging"
  region = var.region

  assume_role {
    role_arn     = "arn:${var.partition}:iam::${var.accounts["staging"]}:role/${local.role_name}"
    session_name = join("-", ["tf", var.team])
  }
}

provider "aws" {
  alias  = "production"
  region = var.region

  assume_role {
    role_arn = "arn:${var.partition}:iam::${var.accounts.production}:role/${local.role_name}"
  }
}

provider "aws" {
  alias  = "sandbox"
  region = "us-gov-east-1"

  assume_role {
    role_arn = replace("arn:aws-us-gov:iam::ID:role/X", "ID", local.accounts.sandbox)
  }
}

provider "aws" {
  alias  = "lab"
  region = "us-gov-east-1"

  assume_role {
    role_arn = "arn:aws-us-gov:iam::${local.accounts.sandbox}:role/${local.role_name}"
  }
}
