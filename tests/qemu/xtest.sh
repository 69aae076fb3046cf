#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# OP-TEE's own tests, run in the machine (run.sh --job tests/qemu/xtest.sh) with our TA installed, to show that we sit
# in a sane system: 1004 sessions and TAs, 4001 digests, 6001 persistent objects. Each case counts once; one that
# fails shows its output.

cases='1004 4001 6001'
log=/tmp/xtest.log
passed=0
failed=0

# Ours answers, next to xtest's own.
luatee info --tee=optee | grep '^TA:'

for case in $cases; do
    # xtest's exit status does not tell a case that it does not know from one that passed.
    if xtest -t regression "$case" >"$log" 2>&1 && grep -q "^regression_$case OK" "$log"; then
        passed=$((passed + 1))
        echo "xtest regression_$case OK, $(grep 'subtests of which' "$log")"
    else
        failed=$((failed + 1))
        echo "xtest regression_$case FAILED"
        cat "$log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
