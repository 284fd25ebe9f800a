resource "aws_iam_role" "a" {
  name = "x"
}

output "arn" {
  value = aws_iam_role.a.arn
}
