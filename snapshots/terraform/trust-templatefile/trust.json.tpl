{"Version": "2012-10-17", "Statement": [{"Sid": "${sid}", "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "${who}"}}]}
