resource "aws_iam_role_policy_attachment" "all" {
  for_each   = toset(["ReadOnlyAccess", "SecurityAudit"])
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}

resource "aws_iam_role" "r" {
  name = "R"
}
