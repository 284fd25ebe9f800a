provider "aws" { region = "a" }
terraform {}
