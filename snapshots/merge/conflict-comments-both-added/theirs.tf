locals {
  # Agreed with Bob.
  a = 1
  b = 2 # theirs
}
