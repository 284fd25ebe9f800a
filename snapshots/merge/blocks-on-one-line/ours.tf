provider "aws" { region = "b" }
# mine
terraform {}
