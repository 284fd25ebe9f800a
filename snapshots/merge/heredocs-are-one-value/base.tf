user_data = <<-EOT
  #!/bin/sh
  echo base
EOT
name = "x"
