provider "aws" {
  alias  = "a"
  region = "eu-central-1"
}

provider "aws" {
  alias  = "b"
  region = "us-east-1"
}

provider "aws" {
  alias  = "c"
  region = "eu-central-1"
}
