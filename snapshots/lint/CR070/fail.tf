provider "aws" {
  region     = "us-east-1"
  access_key = "AKIAIOSFODNN7EXAMAAA"
  secret_key = "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"
}
