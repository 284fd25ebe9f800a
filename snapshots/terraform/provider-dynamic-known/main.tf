variable "role_arn" {
  default = "arn:aws:iam::222222222222:role/Terraform"
}

provider "aws" {
  dynamic "assume_role" {
    for_each = compact([var.role_arn])

    content {
      role_arn = assume_role.value
    }
  }
}
