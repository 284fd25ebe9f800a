variable "role" {
  description = "The role that this root assumes."
  type        = string
  default     = "apply"
  nullable    = false

  validation {
    condition     = contains(["apply", "plan"], var.role)
    error_message = "There is no such role: CROSSROLE.md lists them."
  }
}
