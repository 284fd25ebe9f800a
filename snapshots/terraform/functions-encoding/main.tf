locals {
  json     = jsonencode({ b = [1, true, null], a = "<x> & \"y\" é" })
  back     = jsondecode("{\"a\": [1, 2.5], \"b\": null}")
  round    = jsondecode(jsonencode({ a = ["x"] })).a[0]
  yaml     = yamldecode("accounts:\n  prod: '111111111111'\n  list: [a, b]\n  number: 3\n")
  url      = urlencode("a b/c")
  text     = tostring(5)
  number   = tonumber("012")
  bool     = tobool("true")
}
