actions = ["new", "a", "mine"]
long = [
  "a", # first, and mine
  # With a reason.
  "new",
  "b",
  "mine",
]
