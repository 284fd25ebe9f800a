moved {
  from = aws_iam_role.a
  to   = aws_iam_role.this
}

resource "aws_iam_role" "this" {
  name = "mine"
  path = "/"
}

output "arn" {
  value = aws_iam_role.this.arn
}

output "own" {
  value = "role ${aws_iam_role.this.name}"
}
