variable "create" {
  default = false
}

resource "aws_iam_role" "off" {
  count = var.create ? 1 : 0
  name  = "off"
}

resource "aws_iam_role" "two" {
  count = 2
  name  = "role-${count.index}"
}

resource "aws_iam_role_policy_attachment" "two" {
  count      = length(aws_iam_role.two)
  role       = aws_iam_role.two[count.index].name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

locals {
  names = aws_iam_role.two[*].name
}
