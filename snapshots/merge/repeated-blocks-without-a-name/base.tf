resource "aws_security_group" "this" {
  ingress {
    from_port = 443
  }

  ingress {
    from_port = 80
  }
}
