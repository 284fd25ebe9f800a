resource "aws_iam_role" "hub" {
  name = "Hub"
  path = "/ci/"
}

locals {
  name = aws_iam_role.hub.name
  id   = aws_iam_role.hub.id
  arn  = aws_iam_role.hub.arn
  path = aws_iam_role.hub.path
  made = aws_iam_role.hub.unique_id
  gone = aws_iam_role.nobody.arn
}
