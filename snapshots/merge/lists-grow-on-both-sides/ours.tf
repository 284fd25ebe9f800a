actions = ["a", "b", "mine"]
long = [
  "a", # first, and mine
  "b",
  "mine",
]
