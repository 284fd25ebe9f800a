data "aws_iam_policy_document" "base" {
  statement {
    sid = "Base"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["111111111111"]
    }
  }
}

data "aws_iam_policy_document" "trust" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]

  statement {
    sid = "Own"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["333333333333"]
    }
  }
}

resource "aws_iam_role" "deployer" {
  name               = "Deployer"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
