variable "team" {
  default = "payments"
}

variable "partition" {
  type    = string
  default = "aws"
}

variable "region" {
  type    = string
  default = "us-gov-west-1"
}

variable "accounts" {
  type = map(string)
}
