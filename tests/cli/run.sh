#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The commands as a person types them: run.sh [--alone] [TEST...]. A TEST is a test_TEST.sh in this folder; without any, all run
# that are for this backend.
#   LUATEE   the program; invoke_lua_interpreter lies beside it (default build/bin/luatee)
#   BACKEND  sim or optee (default sim)
#   EXAMPLE  the historical app (default examples/example_lua_app)
#   OTHER_TA a folder with a TA of another protocol version, for the simulator; without it those tests are skipped
#   RELEASE_TA a folder with a TA of the release flavour and, in keys/, its keys (mk/release.mk); without it those tests
#            are skipped
#   KILLS    how often test_kill kills the client (default 100)
# Prints a line for each failed test, then "N passed, N failed, N skipped". Runs in any POSIX shell, also busybox.
set -u

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
: "${LUATEE:=$root/build/bin/luatee}" "${BACKEND:=sim}" "${EXAMPLE:=$root/examples/example_lua_app}"
: "${KILLS:=100}" "${OTHER_TA:=}" "${RELEASE_TA:=}"
builder_config=${LUATEE_CONFIG:-} # what the TA was built with; tests of packing change it
case $LUATEE in /*) ;; *) LUATEE=$PWD/$LUATEE ;; esac
case $EXAMPLE in /*) ;; *) EXAMPLE=$PWD/$EXAMPLE ;; esac
case $OTHER_TA in '' | /*) ;; *) OTHER_TA=$PWD/$OTHER_TA ;; esac
case $RELEASE_TA in '' | /*) ;; *) RELEASE_TA=$PWD/$RELEASE_TA ;; esac
# shellcheck disable=SC2034 # the tests, which are read in below, use it
invoke=$(dirname "$LUATEE")/invoke_lua_interpreter

work=$(mktemp -d "${TMPDIR:-/tmp}/luatee-cli.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
# The simulator's secure storage is a new one; that of a real TEE is what it is, and the tests remove what they add.
export LUATEE_SIM_STATE="$work/state"
: >"$work/out"
: >"$work/err"

. "$here/lib.sh"

# Whether a test runs on this backend when no test is named. A test that is not for every run on OP-TEE says so in a line of its own:
#   # On OP-TEE alone: REASON                     only with --alone, which means all of these
#   # On OP-TEE with LUATEE_TESTS=all: REASON     only then
chosen() {
    [ "$BACKEND" != sim ] || return 0
    if grep -q '^# On OP-TEE alone:' "$1"; then [ -n "$alone" ]; return; fi
    [ -z "$alone" ] && { [ "${LUATEE_TESTS:-}" = all ] || ! grep -q '^# On OP-TEE with LUATEE_TESTS=all:' "$1"; }
}

alone=
[ "${1:-}" != --alone ] || { alone=yes && shift; }
if [ $# -eq 0 ]; then
    for file in "$here"/test_*.sh; do
        ! chosen "$file" || set -- "$@" "$(basename "$file" .sh | sed 's/^test_//')"
    done
fi
for file; do
    cd "$work" || exit 1
    # shellcheck source=/dev/null # each test is checked by itself
    . "$here/test_$file.sh"
    finish
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
