variable "who" {}

resource "aws_iam_role" "deployer" {
  name               = "Deployer"
  assume_role_policy = templatefile("${path.module}/trust.json.tpl", { who = var.who, sid = "All" })
}
