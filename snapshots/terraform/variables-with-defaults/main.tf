variable "account" {
  type    = string
  default = 111111111111
}

variable "names" {
  type    = list(string)
  default = ["a", 1]
}

variable "unique" {
  type    = set(string)
  default = ["b", "a", "b"]
}

variable "tags" {
  type    = map(string)
  default = { a = 1, b = true }
}

variable "role" {
  type = object({
    name = string
    path = optional(string, "/")
    tags = optional(map(string))
  })
  default = { name = "Deployer", more = "is dropped" }
}

variable "count_of" {
  type    = number
  default = "3"
}

variable "pair" {
  type    = tuple([string, number])
  default = [1, "2"]
}

variable "free" {
  default = { a = [1] }
}

locals {
  account = var.account
  names   = var.names
  unique  = var.unique
  tags    = var.tags
  role    = var.role
  count   = var.count_of
  pair    = var.pair
  free    = var.free.a
}
