# One role in each account; in production it is assumed in two regions.
provider "aws" {
  alias  = "prod"
  region = "eu-west-1"

  assume_role {
    role_arn = "arn:aws:iam::222222222222:role/Deploy"
  }

  default_tags {
    tags = { team = "network", CostCenter = 12 }
  }
}

provider "aws" {
  alias  = "prod_us"
  region = "us-east-1"

  assume_role {
    role_arn = "arn:aws:iam::222222222222:role/Deploy"
  }

  default_tags {
    tags = { team = "network", CostCenter = 12 }
  }
}

provider "aws" {
  alias  = "staging"
  region = "eu-west-1"

  assume_role {
    role_arn = "arn:aws:iam::333333333333:role/Deploy"
  }
}
