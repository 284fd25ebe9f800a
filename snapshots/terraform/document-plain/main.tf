data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111111111111:root"]
    }
  }
}

resource "aws_iam_role" "deployer" {
  name               = "Deployer"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
