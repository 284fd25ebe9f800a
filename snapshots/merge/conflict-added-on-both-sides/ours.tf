provider "aws" {
  alias  = "a"
  region = "eu-central-1"
}
