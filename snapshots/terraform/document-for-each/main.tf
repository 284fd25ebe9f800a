locals {
  teams = { a = "111111111111", b = "333333333333" }
}

data "aws_iam_policy_document" "trust" {
  for_each = local.teams

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [each.value]
    }
  }
}

resource "aws_iam_role" "team" {
  for_each = local.teams

  name               = "team-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.trust[each.key].json
}
