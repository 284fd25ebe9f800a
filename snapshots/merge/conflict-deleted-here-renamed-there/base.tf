variable "old" {
  type        = string
  description = "Where it goes"
}

locals {
  path = var.root
}
