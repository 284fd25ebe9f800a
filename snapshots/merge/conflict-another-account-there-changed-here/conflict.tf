<<<<<<< yours
module "a" {
  source  = "./account"
  account = "111111111111"
  region  = "eu-west-1"
}
||||||| base
module "a" {
  source  = "./account"
  account = "111111111111"
  region  = "eu-central-1"
}
=======
>>>>>>> template

module "b" {
  source  = "./account"
  account = "222222222222"
  region  = "eu-central-1"
}
