#!/bin/sh
# Prints a session of Account A that carries MFA, for every root here: Terraform itself cannot ask for a code.
#
#   eval "$(source/mfa-session.sh 123456)"
#
# Needs the AWS CLI, and an IAM user's access key in the environment. If the MFA device does not have the user's
# name, set MFA_SERIAL to its ARN.
set -eu

account='111111111111'
partition='aws'
code=${1:?the code that the MFA device shows}

identity=$(aws sts get-caller-identity --query Arn --output text)
case $identity in
"arn:$partition:iam::$account:user/"*) ;;
*)
	echo "mfa-session: expected an IAM user of account $account, found $identity" >&2
	exit 1
	;;
esac

session=$(aws sts get-session-token \
	--serial-number "${MFA_SERIAL:-arn:$partition:iam::$account:mfa/${identity##*/}}" \
	--token-code "$code" \
	--query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' \
	--output text)

# The values contain no spaces: word splitting is intended.
# shellcheck disable=SC2086
set -- $session
printf 'export AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s AWS_SESSION_TOKEN=%s\n' "$1" "$2" "$3"
