# A bucket that can be created in one account only: proof that the provider's
# credentials belong there. It stays empty, and can be destroyed at any time.

data "aws_caller_identity" "current" {
  lifecycle {
    postcondition {
      condition     = self.account_id == var.account_id
      error_message = "The provider works in account ${self.account_id}, not in ${var.account_id}: check its assume_role block."
    }
  }
}

resource "aws_s3_bucket" "verification" {
  # checkov:skip=CKV_AWS_18: The bucket stays empty: there is no access to log.
  # checkov:skip=CKV_AWS_144: The bucket stays empty: there is nothing to replicate.
  # checkov:skip=CKV_AWS_145: The bucket stays empty: a KMS key would protect nothing.
  # checkov:skip=CKV2_AWS_61: The bucket stays empty: there is nothing to expire.
  # checkov:skip=CKV2_AWS_62: The bucket stays empty: there are no events to report.
  bucket        = var.bucket
  force_destroy = true

  lifecycle {
    precondition {
      condition     = data.aws_caller_identity.current.account_id == var.account_id
      error_message = "The bucket would land in account ${data.aws_caller_identity.current.account_id}, not in ${var.account_id}."
    }
  }
}

resource "aws_s3_bucket_public_access_block" "verification" {
  bucket = aws_s3_bucket.verification.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "verification" {
  bucket = aws_s3_bucket.verification.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "verification" {
  bucket = aws_s3_bucket.verification.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "verification" {
  bucket = aws_s3_bucket.verification.id

  versioning_configuration {
    status = "Enabled"
  }
}

data "aws_iam_policy_document" "tls_only" {
  statement {
    sid       = "DenyUnencryptedTransport"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.verification.arn, "${aws_s3_bucket.verification.arn}/*"]

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

resource "aws_s3_bucket_policy" "verification" {
  bucket = aws_s3_bucket.verification.id
  policy = data.aws_iam_policy_document.tls_only.json

  depends_on = [aws_s3_bucket_public_access_block.verification]
}
