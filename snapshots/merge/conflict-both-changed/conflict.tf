# The role that A assumes.
resource "aws_iam_role" "this" {
  name                 = var.name # as in the spec
<<<<<<< yours
  max_session_duration = 7200
||||||| base
  max_session_duration = 3600
=======
  max_session_duration = 900
>>>>>>> template

  tags = {
    Project = "y"
    Stage   = "prod"
  }
}
