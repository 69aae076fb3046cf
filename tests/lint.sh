#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# One static check of one file, and the sum of all: mk/lint.mk calls this.
#
#   tests/lint.sh TOOL FILE STAMP   checks FILE with format, tidy, cppcheck or shell. Writes STAMP when it is clean;
#                                   STAMP.bad, with what the tool said, when not. STAMP.d of tidy has the headers of FILE
#   tests/lint.sh sum LIST [LOG...] prints what was found by the checks whose stamps LIST names, and "N passed, N failed",
#                                   with the counts of logs that end with such a line themselves
#
# LINT_NODES: how far clang's analyzer follows the paths of a function.
set -u

: "${LINT_NODES:=20000}"

# The command that compiles a file, as compile_commands.json has it.
compile_command() {
    sed -n "s|^{.* \"file\": \"$1\", \"command\": \"\(.*\)\"},*\$|\1|p" compile_commands.json | sed 's/\\\(.\)/\1/g'
}

check() {
    case $1 in
        format) clang-format --dry-run --Werror "$2" ;;
        shell)
            # A piece of a script reads and sets variables of the script that reads it in; busybox is not known by name.
            if head -n 1 "$2" | grep -q '^#!/bin/[a-z]*sh'; then
                shellcheck "$2"
            else
                shellcheck -s sh -e SC2034,SC2153,SC2154 "$2"
            fi
            ;;
        cppcheck)
            # It knows functions that do not return by the attribute, not by the keyword of C11.
            cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 '-D_Noreturn=__attribute__((noreturn))' \
                --enable=warning,style,performance,portability --suppressions-list=.cppcheck \
                -DLUATEE_FLAVOUR_dev -I. -Iinclude "$2"
            ;;
        tidy)
            command=$(compile_command "$2")
            if [ -z "$command" ]; then
                echo "$2: compile_commands.json does not have it: no rule compiles it, and mk/lint.mk names it nowhere"
                return 1
            fi
            eval "$(echo "$command" | sed 's/ -MD -MP / /; s/ -c .*//') -MM -MP -MF '$3.d' -MT '$3' \
                -MT '$(echo "$3" | sed 's|/tidy/|/cppcheck/|')' '$2'" || return
            clang-tidy --quiet -p . --extra-arg=-include --extra-arg=tests/lint.h --extra-arg=-Xclang \
                --extra-arg=-analyzer-config --extra-arg=-Xclang "--extra-arg=max-nodes=$LINT_NODES" "$2" 2>"$3.stderr" && rm "$3.stderr" && return
            # Beside its findings it prints counts, and errors of the compiler.
            grep -v -E '^[0-9]+ warnings?|^Suppressed|^Use -header-filter' "$3.stderr"
            return 1
            ;;
    esac
}

sum() {
    list=$1
    shift
    passed=0
    failed=0
    # shellcheck disable=SC2013 # names of files, one a word
    for stamp in $(cat "$list"); do
        if [ -f "$stamp" ]; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            cat "$stamp.bad"
        fi
    done
    for log; do
        counts=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$log" | tail -n 1)
        if [ -z "$counts" ]; then
            counts='0 1'
            echo "$log has no count:"
        fi
        [ "${counts#* }" -eq 0 ] || grep -v -E '^[0-9]+ passed' "$log"
        passed=$((passed + ${counts% *}))
        failed=$((failed + ${counts#* }))
    done
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

if [ "$1" = sum ]; then
    shift
    sum "$@"
    exit
fi
mkdir -p "$(dirname "$3")"
if check "$1" "$2" "$3" >"$3.bad" 2>&1; then
    rm -f "$3.bad"
    touch "$3"
else
    rm -f "$3"
    echo "  BAD     $2 ($1)"
fi
