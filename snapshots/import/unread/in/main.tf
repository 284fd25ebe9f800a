variable "accounts" {
  type = map(string)
}

provider "aws" {
  alias               = "staging"
  allowed_account_ids = ["222222222222"]

  assume_role {
    role_arn = "arn:aws:iam::222222222222:role/terraform"
  }
}

provider "aws" {
  alias = "many"

  dynamic "assume_role" {
    for_each = var.accounts
    content {
      role_arn = "arn:aws:iam::${assume_role.value}:role/terraform"
    }
  }
}

provider "aws" {
  alias = "one"

  assume_role {
    role_arn = format("arn:aws:iam::%s:role/terraform", var.accounts["one"])
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    dynamic "principals" {
      for_each = var.accounts
      content {
        type        = "AWS"
        identifiers = [principals.value]
      }
    }
  }
}

resource "aws_iam_role" "dynamic" {
  name               = "dynamic"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "module" {
  role       = module.registry.role_name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

module "registry" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-assumable-role"
  version = "5.0.0"
}

module "role" {
  source = "./modules/role"
  name   = "billing"
}

module "bucket" {
  source = "./modules/bucket"
}
