#!/bin/sh
# Stands in for Terraform: does nothing well, but for the faults that FAULTS names.
set -u
printf '%s\n' "terraform $*" >>"$FAKE/calls"
fault() { case " ${FAULTS:-} " in *" $1 "*) return 0 ;; *) return 1 ;; esac }
[ "$1" = version ] && { echo '{"terraform_version": "1.11.4", "provider_selections": {"registry.terraform.io/hashicorp/aws": "6.1.0"}}'; exit; }
[ -f providers.tf ] && [ -f ../../../modules/verification-bucket/main.tf ] || { echo "Error: not in a root" >&2; exit 1; }
[ -z "${LOOKS_FOR:-}" ] || [ -f "$LOOKS_FOR" ] || { echo "Error: no $LOOKS_FOR" >&2; exit 1; }
[ ! -f .terraform.lock.hcl ] || echo "# written" >>.terraform.lock.hcl
touch ".terraform-was-here-$1"
[ "$1" = apply ] && cat crossrole_verify_override.tf >>"$FAKE/calls"
if fault "waits_at_$1"; then
  trap 'echo "terraform was interrupted" >>"$FAKE/calls"; exit 1' INT
  echo "terraform waits" >>"$FAKE/calls"
  n=0; while [ $n -lt 300 ]; do sleep 0.1; n=$((n + 1)); done
fi
if fault "$1"; then
  printf '╷\n│ Error: it is in the wrong place\n│ \n│   because AKIAIOSFODNN7EXAMPLE said so\n╵\n' >&2
  exit 1
fi
exit 0
