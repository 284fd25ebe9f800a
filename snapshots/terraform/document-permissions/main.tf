resource "aws_iam_role" "deployer" {
  name = "Deployer"
  path = "/ci/"
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions   = ["sts:AssumeRole"]
    resources = [aws_iam_role.deployer.arn, "arn:aws:s3:::home/&{aws:username}/*"]
  }
}

resource "aws_iam_policy" "assume" {
  name   = "assume"
  policy = data.aws_iam_policy_document.assume.json
}
