# Who enters Account A without a key of its own: by a token of the platform that runs it.

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
  description = "Entered by enterprise, to assume roles in the target accounts"

  # Whose tokens are let in.
  assume_role_policy = file("${path.module}/callers/enterprise.json")

  depends_on = [aws_iam_openid_connect_provider.token_actions_githubusercontent_com_acme]
}

# GitHub Actions, acme/infra, tag v*
resource "aws_iam_role" "ghe_com" {
  name        = "crossrole-ghe-com"
  description = "Entered by ghe-com, to assume roles in the target accounts"

  # Whose tokens are let in.
  assume_role_policy = file("${path.module}/callers/ghe-com.json")

  depends_on = [aws_iam_openid_connect_provider.token_actions_acme_ghe_com]
}

# GitHub Actions, acme/infra, branch main
resource "aws_iam_role" "server" {
  name        = "crossrole-server"
  description = "Entered by server, to assume roles in the target accounts"

  # Whose tokens are let in.
  assume_role_policy = file("${path.module}/callers/server.json")

  depends_on = [aws_iam_openid_connect_provider.github_example_com__services_token]
}
