provider "aws" {
  alias  = "a"
  region = "us-east-1"
}
