locals {
  object = {
    a = 1 # wrnog
    # Above.
    b = 2
  }
  list = [
    "a", # first
    "b",
  ]
}
