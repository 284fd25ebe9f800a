variable "account" {
  type = string
}

variable "name" {
  default = "Deployer"
}

resource "aws_iam_role" "this" {
  name = var.name
  assume_role_policy = templatefile("${path.module}/trust.tpl", { account = var.account })
}

output "name" {
  value = aws_iam_role.this.name
}

output "trust" {
  value = aws_iam_role.this.assume_role_policy
}
