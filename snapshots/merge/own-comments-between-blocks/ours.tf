provider "aws" {
  alias  = "a"
  region = "eu-central-1"
}

# ---- accounts ----

# Mine, for itself.

provider "aws" {
  alias  = "b"
  region = "us-east-1"
}
