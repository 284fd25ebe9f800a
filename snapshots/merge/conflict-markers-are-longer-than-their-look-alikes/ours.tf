user_data = <<-EOT
  #!/bin/sh
  echo ours
EOT
name = "x"
