#!/bin/sh
# Stands in for the AWS CLI: does what a right fleet does, but for the faults that FAULTS names.
set -u
fault() { case " ${FAULTS:-} " in *" $1 "*) return 0 ;; *) return 1 ;; esac }
printf '%s\n' "aws $*" >>"$FAKE/calls"
said() {
  echo "x - MainThread - botocore.endpoint - DEBUG - headers={'Authorization': b'Credential=${AWS_ACCESS_KEY_ID:-none}/1'}" >&2
  echo "x - MainThread - botocore.parsers - DEBUG - Response headers: {'x-amzn-RequestId': 'request-1'}" >&2
}
allow() { said; printf '%s\n' "$1"; exit 0; }
deny() { said; echo "An error occurred ($1) when calling the $2 operation: no" >&2; exit 254; }
session='{"Credentials": {"AccessKeyId": "ASIAOFTHESESSION0000", "SecretAccessKey": "secret-of-the-session", "SessionToken": "token-of-the-session"}}'
own() { [ "${AWS_SESSION_TOKEN:-}" = token-of-the-session ]; }
case "$1 ${2:-}" in
--version*) echo "aws-cli/2.36.7 Python/3" ;;
"sts get-caller-identity")
  if own; then
    account=222222222222
    fault identity && account=111111111111
    allow "{\"Account\": \"$account\", \"Arn\": \"arn:aws:sts::$account:assumed-role/R/s\"}"
  fi
  allow "{\"Account\": \"${ACCOUNT:-111111111111}\", \"Arn\": \"${ARN:-arn:aws:iam::111111111111:user/terraform}\"}" ;;
"sts assume-role")
  if own; then fault stranger && allow "$session"; deny AccessDenied AssumeRole; fi
  case "$4" in
  */Locked*) fault not_listed && allow "$session"; deny AccessDenied AssumeRole ;;
  *'"Key":"crossrole-verify-undeclared"'*) fault undeclared_tag && allow "$session"; deny AccessDenied AssumeRole ;;
  *ByMfa*) fault without_mfa && allow "$session"; [ -n "${AWS_SESSION_TOKEN:-}" ] && allow "$session"; deny AccessDenied AssumeRole ;;
  *'"ExternalId":"7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51"'*) ;;
  *'"ExternalId"'*) fault other_external_id && allow "$session"; deny AccessDenied AssumeRole ;;
  *Plan*) ;;
  *) fault without_external_id && allow "$session"; deny AccessDenied AssumeRole ;;
  esac
  fault assume && deny AccessDenied AssumeRole
  fault throttled && deny Throttling AssumeRole
  if fault late && [ "$(grep -c assume-role "$FAKE/calls")" -lt 3 ]; then deny AccessDenied AssumeRole; fi
  allow "$session" ;;
"s3api create-bucket") fault read_only && allow "{}"; deny AccessDenied CreateBucket ;;
"s3api delete-bucket") allow "" ;;
"s3api head-bucket")
  case "$*" in
  *"expected-bucket-owner 222222222222"*) fault found_in_target && deny 404 HeadBucket; allow "{}" ;;
  *) fault not_found_in_source && allow "{}"; deny 403 HeadBucket ;;
  esac ;;
*) exit 9 ;;
esac
