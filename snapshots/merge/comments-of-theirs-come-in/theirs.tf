# The role that the source account assumes.
# Managed.
resource "aws_iam_role" "this" {
  name                 = var.name
  max_session_duration = 3600

  tags = {
    Project = "x"
    Stage   = "prod"
  }
}
