# Account A, source (111111111111): which roles each caller may assume.
# Each role by its ARN: with a wildcard, a caller could try every role of every account.
# The policies are outputs, for whoever in this account is to be given them.
