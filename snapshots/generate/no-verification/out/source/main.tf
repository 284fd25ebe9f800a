# Account A, source (111111111111): which roles the callers may assume.
# Each role by its ARN: with a wildcard, a caller could try every role of every account.

locals {
  # A managed policy holds 6,144 characters, so a large fleet is spread over several.
  policies = toset(["1"])
}
