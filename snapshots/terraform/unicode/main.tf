locals {
  name   = "Größe"
  upper  = upper("größe")
  length = length("größe")
  part   = substr("größe", 2, 2)
}
