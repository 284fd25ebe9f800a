variable "accounts" {
  default = { a = "111111111111", b = "333333333333" }
}

data "aws_iam_policy_document" "trust" {
  dynamic "statement" {
    for_each = var.accounts

    content {
      sid     = upper(statement.key)
      actions = ["sts:AssumeRole"]

      dynamic "principals" {
        for_each = [statement.value]
        iterator = who

        content {
          type        = "AWS"
          identifiers = ["arn:aws:iam::${who.value}:root"]
        }
      }
    }
  }
}

resource "aws_iam_role" "deployer" {
  name               = "Deployer"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
