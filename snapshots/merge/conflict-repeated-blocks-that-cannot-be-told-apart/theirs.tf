resource "aws_security_group" "this" {
  ingress {
    from_port = 3
  }

  ingress {
    from_port = 80
    self      = true
  }

  ingress {
    from_port = 9
  }
}
