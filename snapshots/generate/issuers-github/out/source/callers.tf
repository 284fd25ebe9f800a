# Roles in Account A for callers that sign in with a token of their platform
# instead of an access key.

resource "aws_iam_openid_connect_provider" "github_example_com__services_token" {
  url            = "https://github.example.com/_services/token"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_openid_connect_provider" "token_actions_acme_ghe_com" {
  url            = "https://token.actions.acme.ghe.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_openid_connect_provider" "token_actions_githubusercontent_com_acme" {
  url            = "https://token.actions.githubusercontent.com/acme"
  client_id_list = ["sts.amazonaws.com"]
}

# GitHub Actions, acme/infra, branch main
resource "aws_iam_role" "enterprise" {
  name        = "crossrole-enterprise"
  description = "Assumed by enterprise with its platform's token"

  # Which tokens are accepted.
  assume_role_policy = file("${path.module}/callers/enterprise.json")

  depends_on = [aws_iam_openid_connect_provider.token_actions_githubusercontent_com_acme]
}

# GitHub Actions, acme/infra, tag v*
resource "aws_iam_role" "ghe_com" {
  name        = "crossrole-ghe-com"
  description = "Assumed by ghe-com with its platform's token"

  # Which tokens are accepted.
  assume_role_policy = file("${path.module}/callers/ghe-com.json")

  depends_on = [aws_iam_openid_connect_provider.token_actions_acme_ghe_com]
}

# GitHub Actions, acme/infra, branch main
resource "aws_iam_role" "server" {
  name        = "crossrole-server"
  description = "Assumed by server with its platform's token"

  # Which tokens are accepted.
  assume_role_policy = file("${path.module}/callers/server.json")

  depends_on = [aws_iam_openid_connect_provider.github_example_com__services_token]
}
