resource "aws_security_group" "this" {
<<<<<<< yours
  ingress {
    from_port = 1
  }

  ingress {
    from_port = 2
  }
||||||| base
  ingress {
    from_port = 443
  }

  ingress {
    from_port = 80
  }
=======
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
>>>>>>> template
}
