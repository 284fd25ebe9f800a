output "assume_policies" {
  description = "Identity policies to attach to whoever in this account should assume the roles."
  value       = { for number in ["1"] : number => file("${path.module}/assume/account-${number}.json") }
}
