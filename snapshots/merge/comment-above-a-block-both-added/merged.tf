terraform {
  required_version = ">= 1.5"

  # Every provider is pinned.
  required_providers {
    aws    = "~> 5.0"
    random = "~> 3.0"
  }
}
