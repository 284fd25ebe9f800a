variable "role_arn" {}

provider "aws" {
  dynamic "assume_role" {
    for_each = compact([var.role_arn])
    iterator = hop

    content {
      role_arn     = hop.value
      session_name = "ci"
    }
  }
}
