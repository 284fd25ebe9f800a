actions = [
  "a",
  "a2",
  "b",
  "c",
  "d",
  "e",
  "b",
  "z",
]
