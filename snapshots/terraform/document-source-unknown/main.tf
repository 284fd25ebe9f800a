variable "more" {}

data "aws_iam_policy_document" "trust" {
  source_policy_documents = [var.more]

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["111111111111"]
    }
  }
}

resource "aws_iam_role" "deployer" {
  name               = "Deployer"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
