locals {
  # above
  list = [
    "a", # behind
    /* between */ "b",
    # at the end
  ]
  sum = (
    1
    + 2
  )
  call = join(
    "-",
    ["a", "b"],
  )
  choice = (
    true
    ? "yes"
    : "no"
  )
  object = {
    a = 1 # one
    // two
    b = 2
  }
}
