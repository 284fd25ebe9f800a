data "aws_iam_policy_document" "trust" {
  version = "2008-10-17"

  statement {
    sid     = "Vendor"
    effect  = "Allow"
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "AWS"
      identifiers = ["111111111111", "333333333333"]
    }

    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["7f0c2b1e"]
    }

    condition {
      test     = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values   = [true]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-aaaaaaaaaa", "o-bbbbbbbbbb"]
    }
  }
}

resource "aws_iam_role" "deployer" {
  name               = "Deployer"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
