locals {
  roles  = [{ name = "a", tags = { x = 1 } }, { name = "b", tags = { x = 2 } }]
  names  = local.roles[*].name
  legacy = local.roles.*.name
  deep   = local.roles[*].tags.x
  first  = local.roles.*.name[0]
  one    = { name = "c" }[*].name
  none   = null[*]
  index  = local.roles[1].name
  dotted = local.roles.0.name
  member = local.roles[0]["name"]
}
