<<<<<<< yours
# Ask Ann before you touch this.
||||||| base
# The role that A assumes.
=======
# The role that the source account assumes.
>>>>>>> template
resource "aws_iam_role" "this" {
  name                 = var.name # as in the spec
  # An hour is enough.
  max_session_duration = 900

  tags = {
    Project = "x"
    Stage   = "prod"
  }
}
