locals {
  object = {
    a = 1 # wrnog
    # Above.
    b = 2
    c = 3
  }
  list = [
    "a", # first
    "b",
    "c",
  ]
}
