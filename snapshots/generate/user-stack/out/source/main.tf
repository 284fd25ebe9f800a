# Account A, management (111111111111): which roles each caller may assume.
# The policies list each role by its ARN: with a wildcard, a caller could try
# the roles of any account.
# The policies are outputs: attach them to whoever should assume the roles.
