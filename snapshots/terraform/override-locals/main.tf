locals {
  a = "a"
  b = "b"
  c = "c"
  x = var.x
}

variable "x" {
  type    = string
  default = "x"
}
