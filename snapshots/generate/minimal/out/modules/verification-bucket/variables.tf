variable "account_id" {
  description = "ID of the account that the bucket must be created in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account ID has exactly 12 digits."
  }
}

variable "bucket" {
  description = "Name of the bucket."
  type        = string
  nullable    = false
}
