#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What the build has made, seen from outside: the symbols of the libraries, and the defences of programs and libraries.
# Prints "N passed, N failed".
#
#   [O=build] [CC=gcc] tests/suite_artefacts.sh     after `make`, without sanitizers
set -u

. "$(dirname "$0")/standalone.sh"

# Succeeds when the standard input is the lines of a file, and prints the differences if not.
same_as() { diff "$1" -; }

# --- symbols

# Every global symbol of the archive begins with luatee_.
archive_symbols() {
    nm -g --defined-only "$O/lib/libluatee.a" | awk 'NF == 3 { count++ } NF == 3 && $3 !~ /^luatee_/ { print $3; bad = 1 }
        END { exit bad || !count }'
}
check "libluatee.a shows only luatee_*" archive_symbols

# What luatee.h declares is what libluatee.so exports, not more and not less.
exported() { nm -D --defined-only "$1" | awk '{ print $3 }' | sort; }
"$CC" -E -P -Iinclude include/luatee/luatee.h | tr '\n' ' ' | tr ';' '\n' |
    sed -n 's/.*visibility("default").*[ *]\(luatee_[a-z_]*\)(.*/\1/p' | sort >"$work/declared"
library_symbols() { exported "$O/lib/libluatee.so" | same_as "$work/declared"; }
check "libluatee.so exports what luatee.h declares" library_symbols

module_symbols() { echo luaopen_tee >"$work/module" && exported "$O/lib/tee.so" | same_as "$work/module"; }
check "tee.so exports luaopen_tee alone" module_symbols

simulator_symbols() { ! exported "$O/lib/luatee/sim/libteec.so.2" | grep -v '^TEEC_'; }
check "the simulator's libteec.so.2 exports only TEEC_*" simulator_symbols

own_symbol() {
    cat >"$work/program.c" <<'C'
#include <luatee/luatee.h>
int cursor_begin(void) { return luatee_version()[0] ? 7 : 0; }
int main(void) { luatee_values *values = luatee_values_new(); luatee_put_nil(values); return cursor_begin() - (int)luatee_count(values); }
C
    "$CC" "$work/program.c" -Iinclude "$O/lib/libluatee.a" -lcrypto -lpthread -ldl -o "$work/program" || return
    "$work/program"
    [ $? -eq 6 ]
}
check "a program with a cursor_begin of its own links with libluatee.a, and both work" own_symbol

# --- defences

uuid=$(sed -n 's/^#define LUATEE_TA_UUID_TEXT "\(.*\)"/\1/p' abi/uuid.h)
programs="bin/luatee lib/luatee/sim/ta/$uuid"
libraries='lib/libluatee.so lib/tee.so lib/luatee/sim/libteec.so.2'

# shows FILE PATTERN READELF-OPTION...
shows() {
    shown=$O/$1
    pattern=$2
    shift 2
    readelf -W "$@" "$shown" >"$work/readelf" && grep -E -q "$pattern" "$work/readelf"
}

# Large frames touch each of their pages, as gcc writes it on x86-64; on other machines gcc trusts larger guard areas.
probes() {
    [ "$(uname -m)" = x86_64 ] || return 0
    objdump -d "$O/$1" | grep -E -q 'or[lq]? +[$]0x0,'
}

for name in $programs $libraries; do
    check "$name has RELRO" shows "$name" GNU_RELRO -l
    check "$name binds at start" shows "$name" '\(FLAGS_1\).*NOW' -d
    check "$name has stack canaries" shows "$name" 'UND +__stack_chk_fail' --dyn-syms
    check "$name probes large frames" probes "$name"
    check "$name has checked calls of libc" shows "$name" 'UND +__[a-z]+_chk(@|$)' --dyn-syms
done
for name in $programs; do
    check "$name is position independent" shows "$name" '\(FLAGS_1\).*PIE' -d
done

finish
