variable "role" {
  description = "Key of the role that this root assumes."
  type        = string
  default     = "apply"
  nullable    = false

  validation {
    condition     = contains(["apply", "audit", "deploy"], var.role)
    error_message = "The role must be one of: apply, audit, deploy."
  }
}
