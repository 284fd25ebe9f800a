provider "aws" {
  alias  = "a"
  region = "eu-central-1"
}

<<<<<<< yours
provider "aws" {
  alias  = "b"
  region = "us-east-1"
}
||||||| base
provider "aws" {
  alias  = "b"
  region = "eu-central-1"
}
=======
>>>>>>> template

provider "aws" {
  alias  = "c"
  region = "eu-central-1"
}
