# Roles in Account A for callers that sign in with a token of their platform
# instead of an access key.

resource "aws_iam_openid_connect_provider" "token_actions_githubusercontent_com" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

# GitHub Actions, acme/infra, environment production: eu
resource "aws_iam_role" "ci_apply" {
  name        = "platform-ci-apply"
  description = "Assumed by ci-apply with its platform's token"

  # Which tokens are accepted.
  assume_role_policy = file("${path.module}/callers/ci-apply.json")

  depends_on = [aws_iam_openid_connect_provider.token_actions_githubusercontent_com]
}

# GitHub Actions, acme/infra, pull requests
resource "aws_iam_role" "ci_plan" {
  name        = "platform-ci-plan"
  description = "Assumed by ci-plan with its platform's token"

  # Which tokens are accepted.
  assume_role_policy = file("${path.module}/callers/ci-plan.json")

  depends_on = [aws_iam_openid_connect_provider.token_actions_githubusercontent_com]
}
