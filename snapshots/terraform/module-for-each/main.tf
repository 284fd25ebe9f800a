module "target" {
  source   = "./target"
  for_each = { prod = "222222222222", dev = "333333333333" }
  account  = each.value
  name     = each.key
}

locals {
  arn = module.target["prod"].arn
}
