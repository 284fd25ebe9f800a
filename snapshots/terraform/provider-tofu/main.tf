provider "aws" {
  region = "OpenTofu does not read this"
}
