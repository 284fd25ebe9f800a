resource "aws_iam_role_policy_attachment" "read" {
  role       = "audit"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_user" "audit" {
  name                 = "audit"
  permissions_boundary = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
}

provider "aws" {
  allowed_account_ids = ["222222222222"]
  assume_role {
    role_arn     = "arn:aws:iam::222222222222:role/audit"
    session_name = "audit"
    policy_arns  = ["arn:aws:iam::aws:policy/SecurityAudit"]
  }
}
