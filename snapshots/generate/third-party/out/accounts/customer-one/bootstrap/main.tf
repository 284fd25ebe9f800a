# Account B, customer-one (222222222222): the role that
# Account A, vendor (111111111111), assumes.
# README.md tells the account's owner how to create it.

resource "aws_iam_role" "cross_account" {
  name        = "VendorAccess"
  path        = "/vendors/"
  description = "Access of \"the vendor\" ($${not} a template, café)"

  # Who can assume the role, and under which conditions.
  assume_role_policy   = file("${path.module}/trust-policy.json")
  max_session_duration = 7200

  # The most that the role can ever do, whatever is attached to it.
  permissions_boundary = "arn:aws:iam::222222222222:policy/Boundary"

  tags = {
    "cost:center" = "00421"
    owner         = "platform team"
  }
}

resource "aws_iam_role_policy_attachment" "cross_account" {
  for_each = toset(["arn:aws:iam::222222222222:policy/team/Deploy", "arn:aws:iam::aws:policy/ReadOnlyAccess"])

  role       = aws_iam_role.cross_account.name
  policy_arn = each.value
}

resource "aws_iam_role_policy" "cross_account" {
  for_each = toset(["billing", "logs"])

  name   = each.value
  role   = aws_iam_role.cross_account.name
  policy = file("${path.module}/policies/${each.value}.json")
}
