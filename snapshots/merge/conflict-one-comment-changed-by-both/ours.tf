# Ask Ann before you touch this.
resource "aws_iam_role" "this" {
  name                 = var.name # as in the spec
  # An hour is enough.
  max_session_duration = 3600

  tags = {
    Project = "x"
    Stage   = "prod"
  }
}
