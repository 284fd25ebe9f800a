# The role that A assumes.
resource "aws_iam_role" "this" {
  name                 = var.name # as in the spec
  max_session_duration = 3600

  tags = {
    Project = "x"
    Stage   = "prod"
  }
}
