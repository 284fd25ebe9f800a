variable "vendor_account" {
  type = string
}

variable "external_id" {
  type = string
}

# Whichever account and external ID it is, the role is as narrow.
resource "aws_iam_role" "vendor" {
  name = "vendor"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "arn:aws:iam::${var.vendor_account}:role/scanner" }
      Condition = { StringEquals = { "sts:ExternalId" = var.external_id } }
    }]
  })
}

resource "aws_iam_role_policy" "reads" {
  role = aws_iam_role.vendor.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:ListBucket"]
      Resource = aws_s3_bucket.data.arn
    }]
  })
}

resource "aws_s3_bucket" "data" {}
