# One workspace per root, so that a mistake in one reaches no other.
terraform {
  cloud {
    organization = "acme"
    hostname     = "terraform.example.com"

    workspaces {
      name    = "acme-staging-bootstrap"
      project = "Platform Team"
    }
  }
}
