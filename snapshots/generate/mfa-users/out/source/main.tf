# Account A, source (111111111111): which roles the callers may assume.
# Each role by its ARN: with a wildcard, a caller could try every role of every account.

locals {
  # A managed policy holds 6,144 characters, so a large fleet is spread over several.
  policies = toset(["1"])
}

resource "aws_iam_policy" "assume_targets" {
  for_each = local.policies

  name        = "crossrole-assume-targets-${each.key}"
  description = "Assume the roles in the target accounts (part ${each.key} of ${length(local.policies)})"
  policy      = file("${path.module}/assume-targets-${each.key}.json")
}

resource "aws_iam_user_policy_attachment" "assume_targets" {
  # checkov:skip=CKV_AWS_40: The trust policies name these users, so the right belongs to them and to no group.
  for_each = {
    for pair in setproduct(["bob", "alice", "terraform"], local.policies) : join("/", pair) => pair
  }

  user       = each.value[0]
  policy_arn = aws_iam_policy.assume_targets[each.value[1]].arn
}
