variable "trust" {
  type = string
}

variable "vendors" {
  type = list(string)
}

# Nothing of it is known.
resource "aws_iam_role" "given" {
  name               = "given"
  assume_role_policy = var.trust
}

# Everything but who is let in.
resource "aws_iam_role" "vendors" {
  name = "vendors"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = var.vendors }
    }]
  })
}

module "network" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.0.0"
}
