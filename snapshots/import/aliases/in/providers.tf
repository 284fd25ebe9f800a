# One file with a provider per account and region, as it grows over the years.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }

  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "network/terraform.tfstate"
    region = "us-east-1"
  }
}

provider "aws" {
  region              = "us-east-1"
  profile             = "management"
  allowed_account_ids = ["111111111111"]
}

provider "aws" {
  alias   = "prod"
  region  = "us-east-1"
  profile = "management"

  assume_role {
    role_arn     = "arn:aws:iam::222222222222:role/Terraform"
    session_name = "network"
  }
}

provider "aws" {
  alias   = "prod_eu"
  region  = "eu-west-1"
  profile = "management"

  assume_role {
    role_arn     = "arn:aws:iam::222222222222:role/Terraform"
    session_name = "network"
  }
}

provider "aws" {
  alias   = "Dev"
  region  = "us-east-1"
  profile = "management"

  assume_role {
    role_arn    = "arn:aws:iam::333333333333:role/ci/Terraform"
    external_id = "acme-dev-7f0c2b1e"
    duration    = "30m"
  }

  default_tags {
    tags = { team = "network" }
  }
}

provider "aws" {
  alias = "legacy"

  assume_role {
    role_arn = var.legacy_role_arn
  }
}

variable "legacy_role_arn" {
  type = string
}
