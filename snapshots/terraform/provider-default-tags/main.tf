locals {
  tags = merge({ Owner = "platform" }, { Stage = "prod" })
}

provider "aws" {
  region = "eu-central-1"

  default_tags {
    tags = local.tags
  }
}
