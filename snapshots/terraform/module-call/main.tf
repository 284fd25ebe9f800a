module "role" {
  source  = "./modules/role"
  account = "111111111111"
}

locals {
  made = module.role.name
  text = module.role.trust
}
