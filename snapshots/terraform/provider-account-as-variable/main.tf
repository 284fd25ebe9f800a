variable "account" {
  type = string
}

provider "aws" {
  assume_role {
    role_arn = "arn:aws:iam::${var.account}:role/Deployer"
  }
}
