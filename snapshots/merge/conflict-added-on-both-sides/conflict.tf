provider "aws" {
  alias  = "a"
<<<<<<< yours
  region = "eu-central-1"
||||||| base
=======
  region = "us-east-1"
>>>>>>> template
}
