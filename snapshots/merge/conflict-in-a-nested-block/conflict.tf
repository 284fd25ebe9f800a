resource "aws_s3_bucket" "this" {
  bucket = "x"

  lifecycle {
<<<<<<< yours
    prevent_destroy = false
||||||| base
    prevent_destroy = true
=======
    prevent_destroy = var.keep
>>>>>>> template
  }
}
