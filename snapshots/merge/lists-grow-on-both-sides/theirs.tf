actions = ["new", "a"]
long = [
  "a", # first
  # With a reason.
  "new",
  "b",
]
