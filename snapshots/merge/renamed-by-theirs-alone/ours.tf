# Mine.
variable "mine" {
  type = number
}

variable "old" {
  type = string
}

locals {
  path = var.root
  more = 1
}
