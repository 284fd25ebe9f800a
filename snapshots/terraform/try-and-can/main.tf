locals {
  object  = { a = 1 }
  missing = try(local.object.b, "default")
  there   = try(local.object.a, "default")
  deep    = try(local.object.b.c.d, local.object.x, "last")
  can     = can(local.object.b)
  could   = can(local.object.a)
  match   = can(regex("^a", "abc"))
  differs = can(regex("^b", "abc"))
  number  = can(tonumber("x"))
  index   = try([1, 2][5], "none")
  json    = try(jsondecode("{"), "broken")
}
