output "assume_targets_policies" {
  description = "Identity policies for whoever in this account is to assume the roles; attached to nobody."
  value       = { for number in local.policies : number => file("${path.module}/assume-targets-${number}.json") }
}
