variable "teams" {}

resource "aws_iam_role" "team" {
  for_each = var.teams
  name     = "team-${each.key}"
}
