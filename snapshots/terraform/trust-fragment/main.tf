variable "source_ip" {}

resource "aws_iam_role" "deployer" {
  name               = "Deployer"
  assume_role_policy = <<JSON
{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    ${var.source_ip}
    "Action": "sts:AssumeRole",
    "Principal": {"AWS": "*"}
  }]
}
JSON
}
