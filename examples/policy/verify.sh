#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# verify.sh PUBLIC.PEM NONCE [POLICY] <GRANT: checks a grant as a door does. The door got the public key when the device
# was made. It chose the nonce for this request, so that an old grant has another one. POLICY is the lowest policy
# number that it accepts. Prints the grant and exits with 0 if it is good; otherwise exits with 1.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/all"
sed '$d' "$work/all" >"$work/grant"
sed -n '$s/^signature //p' "$work/all" | openssl base64 -d -A >"$work/signature"

# Checks the signature first: text that is not signed is not parsed.
openssl dgst -sha256 -verify "$1" -signature "$work/signature" "$work/grant" >/dev/null 2>&1 ||
    { echo "not signed by this TEE" >&2; exit 1; }
[ "$(head -n 1 "$work/grant")" = "luatee grant" ] || { echo "signed, but not a grant" >&2; exit 1; }
[ "$(sed -n 's/^nonce //p' "$work/grant")" = "$2" ] || { echo "a grant for another request" >&2; exit 1; }
[ "$(sed -n 's/^policy //p' "$work/grant")" -ge "${3:-0}" ] || { echo "signed under an old policy" >&2; exit 1; }
cat "$work/grant"
