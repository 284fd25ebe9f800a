# The role that the source account assumes.
# Managed.
resource "aws_iam_role" "this" {
  name                 = var.name
  max_session_duration = 7200

  tags = {
    Project = "x"
    Stage   = "prod"
  }
}
