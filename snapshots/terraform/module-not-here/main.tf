module "remote" {
  source  = "terraform-aws-modules/iam/aws"
  version = "5.0"
}

module "beyond" {
  source = "../elsewhere"
}

locals {
  arn = module.remote.arn
}
