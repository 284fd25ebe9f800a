# People by their permission set, the pipeline by its ARN, a scanner whose role comes and goes by its name.
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["222222222222"]
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111111111111:role/ci/ci-deployer"]
    }
  }

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111111111111:root"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:PrincipalArn"
      values   = ["arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_PlatformAdmin_*"]
    }
  }

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["111111111111"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:PrincipalArn"
      values   = ["arn:aws:iam::111111111111:role/scanner"]
    }
  }
}

resource "aws_iam_role" "deploy" {
  name               = "Deploy"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
