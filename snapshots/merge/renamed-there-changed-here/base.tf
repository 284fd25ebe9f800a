module "old" {
  source = "./role"
  name   = "reader"
}

locals {
  tags = {
    one = "x"
    two = "x"
  }
}
