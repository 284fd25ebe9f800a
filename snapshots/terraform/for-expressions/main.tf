locals {
  accounts = { prod = "111111111111", dev = "222222222222" }
  arns     = [for name, id in local.accounts : "arn:aws:iam::${id}:role/${name}"]
  ids      = [for id in values(local.accounts) : id]
  only     = { for name, id in local.accounts : name => id if name != "dev" }
  turned   = { for name, id in local.accounts : id => upper(name) }
  indexed  = [for index, letter in ["a", "b"] : "${index}${letter}"]
  grouped  = { for word in ["apple", "avocado", "berry"] : substr(word, 0, 1) => word... }
  nested   = flatten([for a in ["x", "y"] : [for b in [1, 2] : "${a}${b}"]])
  set      = [for item in toset(["b", "a", "b"]) : item]
}
