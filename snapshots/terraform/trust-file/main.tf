resource "aws_iam_role" "deployer" {
  name               = "Deployer"
  assume_role_policy = file("trust.json")
}
