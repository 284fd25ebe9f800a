resource "aws_iam_role" "nobody" {
  name = "x"
}

locals {
  b = 2
}
