provider "aws" {
  alias  = "a"
  region = "eu-central-1"
}

provider "aws" {
  alias  = "b"
  region = "eu-central-1"
}
