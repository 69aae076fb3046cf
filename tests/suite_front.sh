#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What README has a newcomer type: `make run`, alone and with its parameters, on what is built already. Prints "N passed, N
# failed".
set -u

. "$(dirname "$0")/standalone.sh"
export LUATEE_SIM_STATE="$work/state"

# prints WHAT EXPECTED COMMAND...: the command succeeds, and its stdout matches the pattern (of case) as a whole
prints() {
    what=$1
    expected=$2
    shift 2
    status=0
    "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    out=$(cat "$work/out")
    # shellcheck disable=SC2254 # a pattern
    case $status:$out in
        0:$expected) passed=$((passed + 1)) ;;
        *)
            failed=$((failed + 1))
            echo "FAIL $what: exit status $status, and on stdout: $out"
            tail -n 5 "$work/err" | sed 's/^/    stderr: /'
            ;;
    esac
}

newline='
'
tab=$(printf '\t')
run() {
    "$MAKE" --no-print-directory "O=$O" run "$@"
}

# The first may build something.
prints "make run" "*string1string2${newline}250" run
prints "make run FLAGS=-su" "string1string2${newline}250" run FLAGS=-su
prints "make run APP=examples/totp ARGS='enrol alice'" 'otpauth://totp/luatee:alice[?]secret=*' \
    run APP=examples/totp "ARGS=enrol alice"
prints "make run APP=examples/totp ARGS=list" "check${tab}alice" run APP=examples/totp ARGS=list
prints "make run APP=examples/policy ARGS=attack" '*' run APP=examples/policy ARGS=attack
prints "make help" '*make check*make qemu-run*' "$MAKE" --no-print-directory "O=$O" help

finish
