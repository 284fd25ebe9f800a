# Account A, source (111111111111): which roles the callers may assume.
# The roles of our own organization are covered by their common path and name, limited to accounts of
# o-a1b2c3d4e5; there are too many to name. Roles of other parties are named one by one.

locals {
  # A managed policy holds 6,144 characters, so a large fleet is spread over several.
  policies = toset(["1", "2"])
}

resource "aws_iam_policy" "assume_targets" {
  for_each = local.policies

  name        = "crossrole-assume-targets-${each.key}"
  description = "Assume the roles in the target accounts (part ${each.key} of ${length(local.policies)})"
  policy      = file("${path.module}/assume-targets-${each.key}.json")
}

resource "aws_iam_role_policy_attachment" "assume_targets" {
  for_each = {
    for pair in setproduct(["deployer"], local.policies) : join("/", pair) => pair
  }

  role       = each.value[0]
  policy_arn = aws_iam_policy.assume_targets[each.value[1]].arn
}
