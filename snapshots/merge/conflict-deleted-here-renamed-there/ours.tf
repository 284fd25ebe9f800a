locals {
}
