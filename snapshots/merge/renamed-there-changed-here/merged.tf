module "new" {
  source = "./role"
  name   = "writer"
}

locals {
  labels = {
    one = "x"
    two = "mine"
  }
}
