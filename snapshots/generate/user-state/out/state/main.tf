# The bucket that holds the states of all roots, and the role that reaches it. CROSSROLE.md shows how to create it before
# there is a place for its own state.

resource "aws_s3_bucket" "states" {
  # checkov:skip=CKV_AWS_18: Access to states is logged by CloudTrail, if data events are on.
  # checkov:skip=CKV_AWS_144: Versions protect the states; replication is for whoever needs another region.
  # checkov:skip=CKV2_AWS_61: Earlier versions are the way back after a mistake: none expires.
  # checkov:skip=CKV2_AWS_62: Nothing acts on changes of a state.
  bucket = "acme-terraform-state"

  lifecycle {
    # Without the states, Terraform would know of nothing that it created.
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "states" {
  bucket = aws_s3_bucket.states.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "states" {
  bucket = aws_s3_bucket.states.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "states" {
  bucket = aws_s3_bucket.states.id

  rule {
    # One data key serves many objects, which keeps requests to KMS few.
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "arn:aws:kms:eu-central-1:111111111111:key/6f1f2f3f-0000-4000-8000-000000000001"
    }
  }
}

resource "aws_s3_bucket_versioning" "states" {
  bucket = aws_s3_bucket.states.id

  versioning_configuration {
    status = "Enabled"
  }
}

data "aws_iam_policy_document" "tls_only" {
  statement {
    sid       = "DenyUnencryptedTransport"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.states.arn, "${aws_s3_bucket.states.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "states" {
  bucket = aws_s3_bucket.states.id
  policy = data.aws_iam_policy_document.tls_only.json

  depends_on = [aws_s3_bucket_public_access_block.states]
}
