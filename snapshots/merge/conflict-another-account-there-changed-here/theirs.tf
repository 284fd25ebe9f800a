module "b" {
  source  = "./account"
  account = "222222222222"
  region  = "eu-central-1"
}
