provider "aws" {
  alias   = "source"
  profile = "source"
  region  = "us-east-2"
}

provider "aws" {
  alias               = "destination"
  profile             = "destination"
  region              = "us-east-2"
  allowed_account_ids = ["222222222222"]
}

data "aws_iam_policy_document" "assume_role" {
  provider = aws.destination

  statement {
    actions = [
      "sts:AssumeRole",
      "sts:TagSession",
      "sts:SetSourceIdentity",
    ]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111111111111:root"]
    }
  }
}

resource "aws_iam_role" "assume_role" {
  provider           = aws.destination
  name               = "assume_role"
  assume_role_policy = data.aws_iam_policy_document.assume_role.json
  tags               = {}
}

resource "aws_iam_role_policy_attachment" "assume_role" {
  provider   = aws.destination
  role       = aws_iam_role.assume_role.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
}

resource "aws_iam_policy" "other" {
  provider = aws.destination
  name     = "other"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_iam_role_policy_attachment" "other" {
  provider   = aws.destination
  role       = aws_iam_role.assume_role.name
  policy_arn = aws_iam_policy.other.arn
}
