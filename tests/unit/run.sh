#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs unit tests of one build: run.sh BUILD TEST...
#   BUILD    the folder with the build, such as build or build/asan
#   TEST     a test program, named by its path in BUILD/tests/unit, such as core/codec/codec_test
# Sets what tests read from the environment, and gives each test a storage of its own. A test fails when it crashes, hangs
# or prints no count; the lines that tests/run.sh counts say so. Exit status 0 when all passed.
set -u

cd "$(dirname "$0")/../.." || exit 2
build=$(realpath "$1")
shift

# Only ends a hang.
: "${TEST_SECONDS:=1800}"

work=$(mktemp -d "${TMPDIR:-/tmp}/luatee-unit.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

export LUATEE_TEST_KEYS="$build/tests/keys" ATTACK_APP="$work/attack_app"
export LUATEE_TEEC="$build/lib/luatee/sim/libteec.so.2" LUATEE_SIM_LIB="$build/lib/luatee/sim/libteec.so.2"
# Packed for the TA that was built here.
"$build/bin/luatee" pack tests/unit/ta/attack_app --out "$ATTACK_APP" >"$work/pack.log" 2>&1 || cat "$work/pack.log" >&2

failed=0
for test; do
    status=0
    mkdir "$work/state"
    echo "--- $test"
    LUATEE_SIM_STATE="$work/state" timeout -k 10 "$TEST_SECONDS" "$build/tests/unit/$test" >"$work/output" 2>&1 </dev/null || status=$?
    cat "$work/output"
    rm -rf "$work/state"
    if ! grep -q -e '^[0-9]* passed, [0-9]* failed' -e '^\[  PASSED  \]' "$work/output"; then
        printf '%s prints no count: exit status %s\n0 passed, 1 failed\n' "$test" "$status"
        status=1
    elif [ "$status" -ne 0 ] && ! grep -q -e ' passed, [1-9][0-9]* failed' -e '^\[  FAILED  \]' "$work/output"; then
        printf '%s ends with exit status %s\n0 passed, 1 failed\n' "$test" "$status"
    fi
    [ "$status" -eq 0 ] || failed=1
done
exit "$failed"
