policy = jsonencode({
  Version = "2012-10-17"
  Statement = [
    {
      Sid      = "Read"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = "*"
    },
    {
      Sid      = "Write"
      Effect   = "Allow"
      Action   = ["s3:PutObject"]
      Resource = "*"
    },
  ]
})
