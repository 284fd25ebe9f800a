module "a" {
  source  = "./account"
  account = "111111111111"
  region  = "eu-west-1"
}
