variable "x" {}

locals {
  length = length([var.x, "b"])
  first  = [var.x, "b"][1]
  member = { a = var.x, b = "known" }.b
  either = true || var.x == "a"
  same   = var.x == "a" ? "s" : "s"
  starts = startswith("arn:aws:iam::${var.x}", "arn:")
  no     = startswith("arn:aws:iam::${var.x}", "aws:")
  differ = "role/${var.x}" == "user/x"
  list   = compact(["a-${var.x}", ""])
  keys   = keys({ a = var.x })
}
