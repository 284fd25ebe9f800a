resource "aws_iam_role" "alpha" {
  name                 = "app"
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::222222222222:policy/boundary"

  tags = {
    owner = "me"
    stage = "prod"
  }
}
<<<<<<< yours
||||||| base
resource "aws_iam_role" "beta" {
  name                 = "app"
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::333333333333:policy/boundary"

  tags = {
    owner = "me"
    stage = "prod"
  }
}
=======
resource "aws_iam_role" "beta" {
  name                 = "app"
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::333333333333:policy/boundary"

  tags = {
    owner = "them"
    stage = "prod"
  }
}
>>>>>>> template

resource "aws_iam_role" "gamma" {
  name                 = "app"
  max_session_duration = 3600
  permissions_boundary = "arn:aws:iam::444444444444:policy/boundary"

  tags = {
    owner = "me"
    stage = "prod"
  }
}
