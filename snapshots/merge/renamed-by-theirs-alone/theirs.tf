variable "new" {
  type = string
}

locals {
  folder = var.root
}
