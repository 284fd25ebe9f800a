# Roles in Account A for callers that sign in with a token of their platform
# instead of an access key.

resource "aws_iam_openid_connect_provider" "token_actions_githubusercontent_com" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

# GitHub Actions, acme/infra, environment production
resource "aws_iam_role" "ci" {
  name        = "platform-ci"
  description = "Assumed by ci with its platform's token"

  # Which tokens are accepted.
  assume_role_policy = file("${path.module}/callers/ci.json")

  depends_on = [aws_iam_openid_connect_provider.token_actions_githubusercontent_com]
}
