variable "a" { type = string }
variable "b" { type = string }
variable "c" { type = string }
variable "d" { type = string }
variable "e" { default = "default" }

locals {
  values = [var.a, var.b, var.c, var.d, var.e]
}
