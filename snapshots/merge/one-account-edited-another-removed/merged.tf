provider "aws" {
  alias  = "b"
  region = "eu-central-1"
}

provider "aws" {
  alias  = "c"
  region = "us-east-1"
}
