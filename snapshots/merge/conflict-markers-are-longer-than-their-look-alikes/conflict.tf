<<<<<<<< yours
user_data = <<-EOT
  #!/bin/sh
  echo ours
EOT
|||||||| base
user_data = <<-EOT
  #!/bin/sh
  echo base
EOT
========
user_data = <<-EOT
  #!/bin/sh
  true
<<<<<<< look
alike
EOT
>>>>>>>> template
name = "x"
