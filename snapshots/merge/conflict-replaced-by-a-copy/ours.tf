module "alpha" {
  source  = "./role"
  contact = "a"
  region  = "eu-west-1"

  tags = {
    owner = "me"
  }
}

module "gamma" {
  source  = "./role"
  contact = "c"
  region  = "eu-west-1"

  tags = {
    owner = "me"
  }
}

module "delta" {
  source  = "./role"
  contact = "d"
  region  = "eu-west-1"

  tags = {
    owner = "me"
  }
}
