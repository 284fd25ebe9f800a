provider "aws" {
  region  = "b"
  profile = "p"
}
# mine
terraform {
  required_version = ">= 1.8"
}
