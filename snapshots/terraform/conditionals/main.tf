locals {
  env     = "prod"
  account = local.env == "prod" ? "111111111111" : "222222222222"
  number  = local.env == "dev" ? 1 : 2
  mixed   = true ? 1 : "a"
  empty   = false ? ["x"] : []
  nothing = true ? null : "x"
  nested  = local.env == "dev" ? "d" : local.env == "prod" ? "p" : "o"
  list    = local.env == "prod" ? ["a", "b"] : ["c"]
}
