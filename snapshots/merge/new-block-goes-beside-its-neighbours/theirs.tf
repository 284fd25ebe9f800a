provider "aws" {
  alias  = "a"
  region = "eu-central-1"
}

# Assumed.
resource "r" "x" {
  y = 1
}

provider "aws" {
  alias  = "b"
  region = "eu-central-1"
}
