provider "aws" {
  alias  = "customer"
  region = "eu-central-1"

  assume_role {
    role_arn            = "arn:aws:iam::333333333333:role/vendors/VendorAccess"
    external_id         = "7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51"
    session_name        = "acme"
    tags                = { team = "support" }
    transitive_tag_keys = ["team"]
  }
}
