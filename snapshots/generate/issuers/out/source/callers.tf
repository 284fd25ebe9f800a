# Roles in Account A for callers that sign in with a token of their platform
# instead of an access key.

resource "aws_iam_openid_connect_provider" "app_terraform_io" {
  url            = "https://app.terraform.io"
  client_id_list = ["aws.workload.identity"]
}

resource "aws_iam_openid_connect_provider" "gitlab_com" {
  url            = "https://gitlab.com"
  client_id_list = ["https://gitlab.com"]
}

resource "aws_iam_openid_connect_provider" "gitlab_example_com" {
  url            = "https://gitlab.example.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_openid_connect_provider" "tfe_example_com" {
  url            = "https://tfe.example.com"
  client_id_list = ["aws.workload.identity"]
}

# GitLab, acme/platform/infra, tag release
resource "aws_iam_role" "gitlab" {
  name        = "crossrole-gitlab"
  description = "Assumed by gitlab with its platform's token"

  # Which tokens are accepted.
  assume_role_policy = file("${path.module}/callers/gitlab.json")

  depends_on = [aws_iam_openid_connect_provider.gitlab_com]
}

# GitLab, acme/platform/infra, environment production
resource "aws_iam_role" "gitlab_env" {
  name        = "crossrole-gitlab-env"
  description = "Assumed by gitlab-env with its platform's token"

  # Which tokens are accepted.
  assume_role_policy = file("${path.module}/callers/gitlab-env.json")

  depends_on = [aws_iam_openid_connect_provider.gitlab_com]
}

# GitLab, acme/infra, branch main
resource "aws_iam_role" "gitlab_own" {
  name        = "crossrole-gitlab-own"
  description = "Assumed by gitlab-own with its platform's token"

  # Which tokens are accepted.
  assume_role_policy = file("${path.module}/callers/gitlab-own.json")

  depends_on = [aws_iam_openid_connect_provider.gitlab_example_com]
}

# HCP Terraform, acme/Platform Team/aws-*, plan and apply
resource "aws_iam_role" "hcp" {
  name        = "crossrole-hcp"
  description = "Assumed by hcp with its platform's token"

  # Which tokens are accepted.
  assume_role_policy = file("${path.module}/callers/hcp.json")

  depends_on = [aws_iam_openid_connect_provider.app_terraform_io]
}

# HCP Terraform, acme/Platform/aws-prod, apply
resource "aws_iam_role" "tfe" {
  name        = "crossrole-tfe"
  description = "Assumed by tfe with its platform's token"

  # Which tokens are accepted.
  assume_role_policy = file("${path.module}/callers/tfe.json")

  depends_on = [aws_iam_openid_connect_provider.tfe_example_com]
}
