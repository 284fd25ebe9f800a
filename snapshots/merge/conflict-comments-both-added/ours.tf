locals {
  # Agreed with Ann.
  a = 1
  b = 2 # mine
}
