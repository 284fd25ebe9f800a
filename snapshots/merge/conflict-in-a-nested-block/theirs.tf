resource "aws_s3_bucket" "this" {
  bucket = "x"

  lifecycle {
    prevent_destroy = var.keep
  }
}
