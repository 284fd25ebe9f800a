locals {
  whole    = 42
  zeros    = 007
  fraction = 1.50
  large    = 123456789012345678
  negative = -5
  thousand = 1e3
  yes      = true
  nothing  = null
  empty    = ""
  escapes  = "tab\t quote\" slash\\ unicode\u00e9 $${x} %%{y} $ % $x"
  list     = [1, "two", [true]]
  object   = { a = 1, "b c" = 2, (local.key) = 3, d : 4 }
  key      = "made"
  last     = { a = 1, "a" = 2 }
}
