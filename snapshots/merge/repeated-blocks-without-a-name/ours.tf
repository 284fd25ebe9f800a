resource "aws_security_group" "this" {
  ingress {
    from_port = 443
    self      = true
  }

  ingress {
    from_port = 80
  }
}
