locals {
  time     = timestamp()
  hash     = sha256("x")
  provider = provider::aws::arn_parse("x")
  space    = terraform.workspace
  fraction = 1 / 3
  gone     = local.missing
  wrong    = upper()
}
