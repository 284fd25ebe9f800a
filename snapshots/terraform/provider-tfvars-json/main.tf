variable "accounts" {
  type = map(string)
}

provider "aws" {
  assume_role {
    role_arn = "arn:aws:iam::${var.accounts["prod"]}:role/Terraform"
  }
}
