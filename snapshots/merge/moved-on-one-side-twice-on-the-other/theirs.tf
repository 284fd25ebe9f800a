resource "aws_security_group" "this" {
  name = "web"

  ingress {
    from_port = 80
    to_port   = 80
  }

  ingress {
    from_port = 443
    to_port   = 443
  }

  ingress {
    from_port = 443
    to_port   = 443
  }

  tags = { a = 1 }

  ingress {
    from_port = 443
    to_port   = 443
  }

}
