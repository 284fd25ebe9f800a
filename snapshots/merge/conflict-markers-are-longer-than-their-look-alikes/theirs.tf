user_data = <<-EOT
  #!/bin/sh
  true
<<<<<<< look
alike
EOT
name = "x"
