locals {
  account = "111111111111"
}

resource "aws_iam_role" "deployer" {
  name               = "Deployer"
  assume_role_policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": "arn:aws:iam::${local.account}:root"}
      }
    }
  JSON
}
