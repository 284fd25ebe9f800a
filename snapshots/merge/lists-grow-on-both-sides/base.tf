actions = ["a", "b"]
long = [
  "a", # first
  "b",
]
