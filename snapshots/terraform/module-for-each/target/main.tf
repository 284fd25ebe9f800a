variable "account" {}
variable "name" {}

output "arn" {
  value = "arn:aws:iam::${var.account}:role/${var.name}"
}
