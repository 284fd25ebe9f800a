# The role that the source account assumes.
resource "aws_iam_role" "this" {
  name                 = var.name # as in the spec
  max_session_duration = 900

  tags = {
    Project = "x"
    Stage   = "prod"
  }
}
