locals {
  account = "111111111111"
  arn     = "arn:aws:iam::${local.account}:root"
  number  = "${1 + 1} of ${true}"
  same    = "${[1, 2]}"
  if      = "a%{ if local.account == "1" }b%{ else }c%{ endif }d"
  for     = "%{ for x in ["a", "b"] }<${x}>%{ endfor }"
  trimmed = "a ${~ "b" ~} c"
  keys    = "%{ for i, x in ["a", "b"] ~} ${i}=${x} %{ endfor ~} end"
}
