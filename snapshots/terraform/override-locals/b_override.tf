locals {
  b = "from b"
}
