output "assume_policies" {
  description = "Identity policies for whoever in this account is to assume the roles; attached to nobody."
  value       = { for number in ["1"] : number => file("${path.module}/assume/account-${number}.json") }
}
