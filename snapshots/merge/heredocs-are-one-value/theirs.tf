user_data = <<-EOT
  #!/bin/sh
  echo new
    more
EOT
name = "x"
