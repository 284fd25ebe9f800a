# Mine.
variable "mine" {
  type = number
}

variable "new" {
  type = string
}

locals {
  more = 1

  folder = var.root
}
