# Who enters Account A without a key of its own: by a token of the platform that runs it.

resource "aws_iam_openid_connect_provider" "token_actions_githubusercontent_com" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

# GitHub Actions, acme/infra, environment production: eu
resource "aws_iam_role" "ci_apply" {
  name        = "platform-ci-apply"
  description = "Entered by ci-apply, to assume roles in the target accounts"

  # Whose tokens are let in.
  assume_role_policy = file("${path.module}/callers/ci-apply.json")

  depends_on = [aws_iam_openid_connect_provider.token_actions_githubusercontent_com]
}

# GitHub Actions, acme/infra, pull requests
resource "aws_iam_role" "ci_plan" {
  name        = "platform-ci-plan"
  description = "Entered by ci-plan, to assume roles in the target accounts"

  # Whose tokens are let in.
  assume_role_policy = file("${path.module}/callers/ci-plan.json")

  depends_on = [aws_iam_openid_connect_provider.token_actions_githubusercontent_com]
}
