variable "accounts" {
  type    = map(string)
  default = { prod = "222222222222" }
}

provider "aws" {
  alias = "prod"

  assume_role {
    role_arn = format("arn:aws:iam::%s:role/Deployer", var.accounts["prod"])
  }
}
