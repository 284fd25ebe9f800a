module "alpha" {
  source  = "./role"
  contact = "a"
  region  = "eu-west-1"

  tags = {
    owner = "me"
  }
}

module "beta" {
  source  = "./role"
  contact = "b"
  region  = "eu-west-1"

  tags = {
    owner = "them"
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
