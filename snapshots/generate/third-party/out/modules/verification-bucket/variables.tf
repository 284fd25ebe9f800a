variable "account_id" {
  description = "The account in which the bucket must land, and nowhere else."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has exactly 12 digits."
  }
}

variable "bucket" {
  description = "The bucket's name."
  type        = string
  nullable    = false
}
