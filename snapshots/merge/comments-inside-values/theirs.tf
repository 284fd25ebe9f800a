locals {
  object = {
    a = 1 # wrong
    # Right above.
    b = 2
  }
  list = [
    # The first one.
    "a",
    "b",
  ]
}
