terraform {
  required_providers {
    random = {
      source = "hashicorp/random"
    }
  }

  cloud {
    organization = "acme"
  }
}
