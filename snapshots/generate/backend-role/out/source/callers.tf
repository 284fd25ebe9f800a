# Who enters Account A without a key of its own: by a token of the platform that runs it.

# agent.buildkite.com, organization:acme:pipeline:infra:ref:refs/heads/main:*
resource "aws_iam_role" "buildkite" {
  name        = "second-buildkite"
  description = "Entered by buildkite, to assume roles in the target accounts"

  # Whose tokens are let in.
  assume_role_policy = file("${path.module}/callers/buildkite.json")
}

# GitHub Actions, acme/infra, branch main
resource "aws_iam_role" "ci" {
  name        = "second-ci"
  description = "Entered by ci, to assume roles in the target accounts"

  # Whose tokens are let in.
  assume_role_policy = file("${path.module}/callers/ci.json")
}
