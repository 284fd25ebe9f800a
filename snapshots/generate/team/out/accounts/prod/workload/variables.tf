variable "role" {
  description = "Key of the role that this root assumes."
  type        = string
  default     = "apply"
  nullable    = false

  validation {
    condition     = contains(["apply", "plan"], var.role)
    error_message = "The role must be one of: apply, plan."
  }
}
