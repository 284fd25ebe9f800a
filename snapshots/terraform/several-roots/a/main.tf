locals {
  account = "111111111111"
}
