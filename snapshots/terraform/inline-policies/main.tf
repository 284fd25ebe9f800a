locals {
  buckets = ["a", "b"]
}

resource "aws_iam_role" "r" {
  name = "R"

  dynamic "inline_policy" {
    for_each = local.buckets

    content {
      name   = "bucket-${inline_policy.key}"
      policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "arn:aws:s3:::${inline_policy.value}" }] })
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}
