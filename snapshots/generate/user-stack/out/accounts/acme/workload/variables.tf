variable "role" {
  description = "Key of the role that this root assumes."
  type        = string
  default     = "apply"
  nullable    = false

  validation {
    condition     = contains(["apply", "read-only"], var.role)
    error_message = "The role must be one of: apply, read-only."
  }
}
