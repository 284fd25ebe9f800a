locals {
  hops = ["arn:aws:iam::111111111111:role/Hub", "arn:aws:iam::222222222222:role/Deployer"]
}

provider "aws" {
  dynamic "assume_role" {
    for_each = local.hops

    content {
      role_arn = assume_role.value
    }
  }
}
