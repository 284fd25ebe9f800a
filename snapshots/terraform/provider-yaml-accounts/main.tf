locals {
  accounts = yamldecode(file("${path.module}/accounts.yaml"))
}

provider "aws" {
  assume_role {
    role_arn = "arn:aws:iam::${local.accounts.prod.id}:role/Terraform"
  }
}
