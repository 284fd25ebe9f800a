resource "aws_s3_bucket" "data" {
  bucket        = "acme-data-222222222222"
  force_destroy = true
}
