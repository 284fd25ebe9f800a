data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "*"
      identifiers = ["arn:aws:iam::111111111111:root"]
    }
  }
}

output "trust" {
  value = data.aws_iam_policy_document.trust.json
}
