variable "mfa" {
  default = true
}

resource "aws_iam_role" "deployer" {
  name               = "Deployer"
  assume_role_policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
    %{ if var.mfa ~}
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    %{ endif ~}
        "Principal": {"AWS": "111111111111"}
      }
    }
  JSON
}
