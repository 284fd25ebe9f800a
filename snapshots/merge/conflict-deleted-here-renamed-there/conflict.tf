<<<<<<< yours
||||||| base
variable "old" {
  type        = string
  description = "Where it goes"
}
=======
variable "new" {
  type        = string
  description = "Where it goes to"
}
>>>>>>> template
locals {
<<<<<<< yours
||||||| base
  path = var.root
=======
  folder = var.root
>>>>>>> template
}
