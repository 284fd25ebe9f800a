resource "aws_iam_role_policy_attachment" "a" {
  role       = "Deployer"
  policy_arn = "arn:aws:iam::aws:policy/IAMFullAccess"
}
