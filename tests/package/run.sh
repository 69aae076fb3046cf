#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Packages in the hands of implementations that are not ours: run.sh
#   LUATEE  the program (default build/bin/luatee)
# Checks the test vectors of this folder, which were packed long ago, and the same app packed now: signatures and
# structure by ruby-cose, contents by Python's cryptography and cbor2, both by luatee itself. Each prints "N passed, N
# failed".
set -u

here=$(cd "$(dirname "$0")" && pwd)
: "${LUATEE:=$here/../../build/bin/luatee}"
keys=$here/vectors/keys
app=$here/vectors/app
work=$(mktemp -d "${TMPDIR:-/tmp}/luatee-package.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
failed=0

# check FOLDER BYTECODE
check() {
    find "$1" -name '*.luata' -exec ruby "$here/check_signatures.rb" "$keys/publisher.pub" {} + || failed=1
    /usr/bin/python3 "$here/check_contents.py" "$keys" "$app" "$2" "$1" || failed=1
    if "$LUATEE" verify "$1" --key "$keys/publisher.pub" >/dev/null; then
        echo "1 passed, 0 failed"
    else
        echo "0 passed, 1 failed"
        failed=1
    fi
}

pack() {
    "$LUATEE" pack "$app" --key "$keys/publisher.pem" "$@" >/dev/null || failed=1
}

# The same three as in the vectors: see the README there.
pack --class-key "$keys/class.key" --to "$keys/device1.pub" --to "$keys/device2.pub" --out "$work/packed"
pack --to "$keys/device1.pub" --out "$work/device-only"
pack --class-key "$keys/class.key" --precompile --out "$work/bytecode"

for root in "$here/vectors" "$work"; do
    check "$root/packed" 0
    check "$root/device-only" 0
    check "$root/bytecode" 1
done
exit "$failed"
