resource "aws_iam_role" "a" {
  name = "mine"
}

output "arn" {
  value = aws_iam_role.a.arn
}

output "own" {
  value = "role ${aws_iam_role.a.name}"
}
