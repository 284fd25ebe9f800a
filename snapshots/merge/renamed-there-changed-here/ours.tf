module "old" {
  source = "./role"
  name   = "writer"
}

locals {
  tags = {
    one = "x"
    two = "mine"
  }
}
