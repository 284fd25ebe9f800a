module "new" {
  source = "./role"
  name   = "reader"
}

locals {
  labels = {
    one = "x"
    two = "x"
  }
}
