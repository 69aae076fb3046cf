#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# tests/layers.sh on this tree, and on copies with an arrow that points up, which it must report. Prints "N passed, N failed".
set -u

. "$(dirname "$0")/standalone.sh"

tests/layers.sh "$O/obj" >"$work/output" 2>&1
status=$?
cat "$work/output"
if [ "$status" -ne 0 ] && ! grep -q ' passed, [1-9][0-9]* failed$' "$work/output"; then
    echo "FAIL layers.sh ends with exit status $status"
    failed=1
fi

# fresh: a copy of the sources and of some objects
fresh() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree/tests" "$work/tree/obj/sim"
    cp -R abi include port core ta sim client cli "$work/tree/"
    cp tests/layers.sh "$work/tree/tests/"
    cp -R "$O/obj/sim/core" "$work/tree/obj/sim/"
}

# reports WHAT LINE: layers.sh fails in the copy, and a line of its output begins so
reports() {
    if (cd "$work/tree" && tests/layers.sh obj) >"$work/output" 2>&1; then
        failed=$((failed + 1))
        echo "FAIL $1: layers.sh passes"
    elif ! grep -qF -- "$2" "$work/output"; then
        failed=$((failed + 1))
        echo "FAIL $1: layers.sh does not print \"$2\""
    else
        passed=$((passed + 1))
    fi
}

# Not when the tree itself fails: its own arrows come first.
fresh
echo '#include "core/session/session.h"' >>"$work/tree/core/base/text.c"
reports "an include of a higher layer" "upward: core/base/text.c -> core/session/session.h"

fresh
echo '#include "lgc.h"' >>"$work/tree/core/vm/cancel.c"
reports "an include of Lua's internals" "internal: core/vm/cancel.c includes lgc.h"

# A call needs no include.
fresh
function=$(nm "$work/tree/obj/sim/core/session/session.o" | awk '$2 == "T" { print $3; exit }')
printf 'void %s(void);\nvoid calls_upward(void);\nvoid calls_upward(void)\n{\n    %s();\n}\n' "$function" "$function" >"$work/call.c"
"$CC" -c "$work/call.c" -o "$work/tree/obj/sim/core/base/text.o"
reports "a call of a higher layer without its header" "upward: core/base/text.c -> core/session/session.c ($function)"

finish && [ "$status" -eq 0 ]
