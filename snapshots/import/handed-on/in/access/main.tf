resource "aws_iam_role" "deploy" {
  name = "Deploy"
  assume_role_policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::111111111111:role/ci" } },
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::999999999999:role/scan" } },
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } },
    ]
  })
}

resource "aws_iam_policy_attachment" "read" {
  name       = "read"
  roles      = [aws_iam_role.deploy.name]
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
