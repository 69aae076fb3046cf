#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# verify.sh PUBLIC.PEM NONCE [POLICY] <GRANT: what the door does. It trusts the public key, which it got when the device
# was made; the nonce, which it chose itself for this one request: an old grant has another one; and POLICY, the lowest
# that it still takes. Prints the grant; exits with 0 if it is good, 1 if not.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/all"
sed '$d' "$work/all" >"$work/grant"
sed -n '$s/^signature //p' "$work/all" | openssl base64 -d -A >"$work/signature"

# First of all the signature: nothing of what is not signed is looked at.
openssl dgst -sha256 -verify "$1" -signature "$work/signature" "$work/grant" >/dev/null 2>&1 ||
    { echo "not signed by this TEE" >&2; exit 1; }
[ "$(head -n 1 "$work/grant")" = "luatee grant" ] || { echo "signed, but not a grant" >&2; exit 1; }
[ "$(sed -n 's/^nonce //p' "$work/grant")" = "$2" ] || { echo "a grant for another request" >&2; exit 1; }
[ "$(sed -n 's/^policy //p' "$work/grant")" -ge "${3:-0}" ] || { echo "by an old policy" >&2; exit 1; }
cat "$work/grant"
