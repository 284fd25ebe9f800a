locals {
  arn    = format("arn:aws:iam::%s:role/%s", "111111111111", "x")
  mixed  = format("%v-%d-%t-%q-%%", 7, 8, true, "a\"b")
  padded = format("%012d|%3d|%-3d|%5s", 123, 7, 7, "ab")
  value  = format("%v", ["a", 1])
  list   = formatlist("arn:aws:iam::%s:root", ["111111111111", "222222222222"])
  both   = formatlist("%s-%s", ["a", "b"], "x")
}
