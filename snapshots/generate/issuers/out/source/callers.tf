# Who enters Account A without a key of its own: by a token of the platform that runs it.

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
  description = "Entered by gitlab, to assume roles in the target accounts"

  # Whose tokens are let in.
  assume_role_policy = file("${path.module}/callers/gitlab.json")

  depends_on = [aws_iam_openid_connect_provider.gitlab_com]
}

# GitLab, acme/platform/infra, environment production
resource "aws_iam_role" "gitlab_env" {
  name        = "crossrole-gitlab-env"
  description = "Entered by gitlab-env, to assume roles in the target accounts"

  # Whose tokens are let in.
  assume_role_policy = file("${path.module}/callers/gitlab-env.json")

  depends_on = [aws_iam_openid_connect_provider.gitlab_com]
}

# GitLab, acme/infra, branch main
resource "aws_iam_role" "gitlab_own" {
  name        = "crossrole-gitlab-own"
  description = "Entered by gitlab-own, to assume roles in the target accounts"

  # Whose tokens are let in.
  assume_role_policy = file("${path.module}/callers/gitlab-own.json")

  depends_on = [aws_iam_openid_connect_provider.gitlab_example_com]
}

# HCP Terraform, acme/Platform Team/aws-*, plan and apply
resource "aws_iam_role" "hcp" {
  name        = "crossrole-hcp"
  description = "Entered by hcp, to assume roles in the target accounts"

  # Whose tokens are let in.
  assume_role_policy = file("${path.module}/callers/hcp.json")

  depends_on = [aws_iam_openid_connect_provider.app_terraform_io]
}

# HCP Terraform, acme/Platform/aws-prod, apply
resource "aws_iam_role" "tfe" {
  name        = "crossrole-tfe"
  description = "Entered by tfe, to assume roles in the target accounts"

  # Whose tokens are let in.
  assume_role_policy = file("${path.module}/callers/tfe.json")

  depends_on = [aws_iam_openid_connect_provider.tfe_example_com]
}
