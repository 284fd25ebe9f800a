# What a vendor sends to its customers, and the provider that enters afterwards.
resource "aws_iam_role" "vendor" {
  name                 = "VendorAccess"
  path                 = "/vendors/"
  permissions_boundary = "arn:aws:iam::333333333333:policy/Boundary"

  assume_role_policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "111111111111"},
        "Action": "sts:AssumeRole",
        "Condition": {
          "StringEquals": {"sts:ExternalId": "7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51"},
          "IpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}
        }
      }
    }
  POLICY

  tags = {
    vendor    = "acme"
    "cost.id" = "12"
  }
}

resource "aws_iam_role_policy" "billing" {
  name = "read-billing"
  role = aws_iam_role.vendor.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "aws-portal:ViewBilling", Resource = "*" }]
  })
}

resource "aws_iam_role" "lambda" {
  name = "lambda"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
