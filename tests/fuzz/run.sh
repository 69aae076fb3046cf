#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs fuzzers on what they found before, a test for each file: run.sh BUILD [NAME...]
# BUILD is the folder with the build, such as build/asan; NAME that of tests/fuzz/fuzz_NAME.c (default: all). Prints the output
# of a fuzzer that fails, then "N passed, N failed".
set -u

cd "$(dirname "$0")/../.." || exit 2
build=$1
shift
if [ $# -eq 0 ]; then
    for fuzzer in tests/fuzz/fuzz_*.c; do
        fuzzer=${fuzzer##*/fuzz_}
        set -- "$@" "${fuzzer%.c}"
    done
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/luatee-fuzz.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

passed=0
failed=0
for name; do
    files=$(find "tests/fuzz/corpus/$name" -type f | wc -l)
    if [ "$files" -gt 0 ] && LUATEE_SIM_STATE="$work/state" "$build/tests/fuzz_$name" -rss_limit_mb=4096 "tests/fuzz/corpus/$name"/* \
        >"$work/output" 2>&1; then
        passed=$((passed + files))
    else
        failed=$((failed + 1))
        echo "FAIL fuzz_$name"
        tail -n 40 "$work/output"
    fi
    rm -rf "$work/state"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
