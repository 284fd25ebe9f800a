locals {
  path = path.module
  name = trimspace(file("${path.module}/name.txt"))
}
