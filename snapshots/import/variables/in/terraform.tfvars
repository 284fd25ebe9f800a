partition = "aws-us-gov"
accounts = {
  staging    = "222222222222"
  production = "333333333333"
}
