provider "aws" {
  alias  = "a"
  region = "eu-central-1"
}

# ---- accounts ----

provider "aws" {
  alias  = "b"
  region = "eu-central-1"
}
