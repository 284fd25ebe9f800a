locals {
  trust   = file("${path.module}/trust.json")
  bare    = trimspace(file("name.txt"))
  dotted  = trimspace(file("./name.txt"))
  root    = trimspace(file("${path.root}/name.txt"))
  parsed  = jsondecode(file("trust.json")).Version
  yaml    = yamldecode(file("accounts.yaml")).prod
  filled  = templatefile("${path.module}/who.tpl", { who = "Deployer", list = ["a", "b"] })
  there   = fileexists("name.txt")
  base    = basename("a/b.json")
  folder  = dirname("a/b.json")
}
