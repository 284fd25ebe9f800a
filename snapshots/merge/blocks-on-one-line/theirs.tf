provider "aws" {
  region  = "a"
  profile = "p"
}
terraform {
  required_version = ">= 1.8"
}
