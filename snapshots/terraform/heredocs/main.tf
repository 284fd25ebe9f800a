locals {
  name  = "Deployer"
  plain = <<EOT
role ${local.name}
  indented
EOT
  flush = <<-EOT
    first
      second ${local.name}
    third
  EOT
  loop  = <<-EOT
    %{ for x in ["a", "b"] ~}
    - ${x}
    %{ endfor ~}
    end
  EOT
  choice = <<-EOT
    begin
    %{ if local.name == "Deployer" }
    yes
    %{ else }
    no
    %{ endif }
  EOT
  escaped = <<EOT
$${aws:username} \n stays
EOT
}
