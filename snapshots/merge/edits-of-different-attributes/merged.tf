# The role that A assumes.
resource "aws_iam_role" "this" {
  name                 = var.role_name # as in the spec
  max_session_duration = 7200

  tags = {
    Project = "x"
    Stage   = "prod"
  }
}
