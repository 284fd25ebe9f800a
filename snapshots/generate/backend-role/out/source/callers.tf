# Roles in Account A for callers that sign in with a token of their platform
# instead of an access key.

# agent.buildkite.com, organization:acme:pipeline:infra:ref:refs/heads/main:*
resource "aws_iam_role" "buildkite" {
  name        = "second-buildkite"
  description = "Assumed by buildkite with its platform's token"

  # Which tokens are accepted.
  assume_role_policy = file("${path.module}/callers/buildkite.json")
}

# GitHub Actions, acme/infra, branch main
resource "aws_iam_role" "ci" {
  name        = "second-ci"
  description = "Assumed by ci with its platform's token"

  # Which tokens are accepted.
  assume_role_policy = file("${path.module}/callers/ci.json")
}
