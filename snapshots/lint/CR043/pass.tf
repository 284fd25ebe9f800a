terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.67.0, < 7.0.0"
    }
  }
}

provider "aws" {
  region              = "us-east-1"
  allowed_account_ids = ["222222222222"]

  assume_role {
    role_arn     = "arn:aws:iam::222222222222:role/Deployer"
    session_name = "terraform"
  }

  assume_role {
    role_arn     = "arn:aws:iam::222222222222:role/Second"
    session_name = "terraform"
  }
}
