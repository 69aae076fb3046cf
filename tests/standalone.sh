# SPDX-License-Identifier: BSD-2-Clause
# The frame of tests/suite_*.sh, which read it in at their beginning and call finish at their end. It changes into the root of the
# tree, and makes a folder $work that is removed at the end.
cd "$(dirname "$0")/.." || exit 1
: "${MAKE:=make}" "${O:=build}" "${DEPS:=build/deps}" "${CC:=cc}"
work=$(mktemp -d "${TMPDIR:-/tmp}/luatee-suite.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
passed=0
failed=0

# check WHAT COMMAND...: the command succeeds
check() {
    what=$1
    shift
    if "$@" >"$work/out" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $what: $(head -n 5 "$work/out" | cut -c 1-200)"
    fi
}

# Prints the counts. Its status is that of the suite.
finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
