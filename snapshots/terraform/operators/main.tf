locals {
  sum        = 1 + 2 * 3 - 4
  quotient   = 12 / 4
  rest       = 17 % 5
  converted  = "5" + 1
  less       = 1 < 2 && 2 <= 2
  either     = false || "true"
  not        = !false
  same       = "a" == "a"
  types      = "1" == 1
  lists      = [1, 2] == [1, 2]
  objects    = { a = 1 } != { a = 2 }
  nulls      = null == null
  parens     = (1 + 2) * 3
  minus      = -(4 - 1)
  negative   = -7 % 3
}
