# Reaches the states, and nothing else. Whoever assumes it can read and change
# the state of every root.

data "aws_iam_policy_document" "trust" {
  # Any principal of Account A whose own policies allow it: step 1 gives that right
  # to the callers, whose ARNs may not exist before.
  statement {
    sid     = "AssumeRole"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111111111111:root"]
    }

    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["acme-state"]
    }
  }
}

data "aws_iam_policy_document" "states" {
  statement {
    sid       = "ListStates"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.states.arn]
  }

  statement {
    sid       = "UseStates"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.states.arn}/platform/*/terraform.tfstate"]
  }

  # Terraform keeps the lock of a state in a file beside it.
  statement {
    sid       = "LockStates"
    actions   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.states.arn}/platform/*/terraform.tfstate.tflock"]
  }

  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["arn:aws:kms:eu-central-1:111111111111:key/6f1f2f3f-0000-4000-8000-000000000001"]
  }
}

resource "aws_iam_role" "states" {
  name               = "State"
  path               = "/terraform/"
  description        = "Reaches the Terraform states in acme-terraform-state"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "states" {
  name   = "states"
  role   = aws_iam_role.states.name
  policy = data.aws_iam_policy_document.states.json
}
