variable "new" {
  type        = string
  description = "Where it goes to"
}

locals {
  folder = var.root
}
