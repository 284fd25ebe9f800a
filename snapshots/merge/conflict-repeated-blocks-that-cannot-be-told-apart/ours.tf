resource "aws_security_group" "this" {
  ingress {
    from_port = 1
  }

  ingress {
    from_port = 2
  }
}
