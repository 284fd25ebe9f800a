locals {
  account = "222222222222"
  a       = local.other
}
