locals {
  b = "from override"
  c = "${local.a}c"
}

variable "x" {
  default = 5
}
