actions = [
  "a",
  "b",
  "c",
  "d",
  "e",
  "b",
]
