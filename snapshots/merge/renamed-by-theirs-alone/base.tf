variable "old" {
  type = string
}

locals {
  path = var.root
}
