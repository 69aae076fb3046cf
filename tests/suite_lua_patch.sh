#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# `make lua-patch`: the patches of the tree are as a refresh writes them; then all that CONTRIBUTING.md says about a new release
# of Lua, with small sources and patches made here. Prints "N passed, N failed".
set -u

. "$(dirname "$0")/standalone.sh"

# expect WHAT STATUS PATTERN: the status of the last command, and its output as a pattern (of case)
expect() {
    # shellcheck disable=SC2254 # a pattern
    case $status:$out in
        $2:$3) passed=$((passed + 1)) ;;
        *)
            failed=$((failed + 1))
            echo "FAIL $1: exit status $status, and: $out"
            ;;
    esac
}

# is WHAT PATTERN SEEN
is() {
    status=0 out=$3
    expect "$1" 0 "$2"
}

tool() { # COMMAND...
    status=0
    out=$(LUA_TARBALL="" mk/lua-patch.sh "$patches" "$source" "$work/tree" "$@" 2>&1) || status=$?
}

# The real ones, or a copy of them.
patches=port/lua/patches
for source in "$DEPS"/src/lua-5.4*/src; do
    case $source in *"$(sed -n 's/^LUA_SRC .*lua-\(.*\)\/src/\1/p' mk/config.mk)"*) break ;; esac
done
tool check
expect "the patches of Lua fit, and are as a refresh writes them" 0 "*patches fit $source"
patches=$work/copy
cp -r port/lua/patches "$patches"
first=$(find "$patches" -name '*.patch' | sort | head -n 1)
tool edit "$first"
tool refresh
is "a refresh without a change changes nothing" "" "$(diff -r port/lua/patches "$patches")"

# Small ones: a source of sixty lines, of which one patch changes line 20, and another line 22 and 50.
patches=$work/patches
source=$work/source
mkdir "$patches" "$source"
seq 1 60 | sed 's/^/line /' >"$source/lua.c"
echo "#define LUA_VERSION 1" >"$source/lua.h"
write_patch() { # NAME SED-COMMANDS
    tool edit "$1"
    sed -i "$2" "$work/tree/new/lua.c"
    tool refresh
}
write_patch 0001-first 's/^line 20$/line twenty/'
expect "a new patch" 0 "*wrote $patches/0001-first.patch*"
write_patch 0002-second 's/^line 22$/line twenty-two/; s/^line 50$/line fifty/'
head_line="# What the second is for."
sed -i "2s/.*/$head_line/" "$patches/0002-second.patch"
tool check
expect "two patches" 0 "2 patches fit $source"
is "labels have no dates, and two lines around" "*
$head_line

--- a/lua.c
+++ b/lua.c
@@ -20,5 +20,5 @@
 line twenty
 line 21
-line 22
+line twenty-two*" "$(cat "$patches/0002-second.patch")"

sed -i 's/^ line 21$/ line 21 /' "$patches/0002-second.patch"
tool check
expect "a patch with another context" 1 "*0002-second does not fit:*lua.c: hunk 1 FAILED at 20.*REFRESH=1*"
sed -i 's/^ line 21 $/ line 21/; s/lua\.c$/lua.c\t2026-11-30/' "$patches/0002-second.patch"
tool check
expect "a patch with dates" 1 "*0002-second is not in the form that a refresh gives it*"
tool refresh
tool check
expect "a refresh takes the dates away" 0 "2 patches fit*"

tool edit 0001-first
sed -i 's/^line twenty$/line 20, changed/' "$work/tree/new/lua.c"
tool edit 0002-second
expect "one patch is edited at a time" 1 "*0001-first is being edited*"
tool refresh
expect "what follows stands on the edited patch: by fuzz" 0 "*wrote $patches/0001-first.patch*wrote $patches/0002-second.patch*"
tool check
expect "after an edit all fit" 0 "2 patches fit*"
is "an edit keeps the heads" "$head_line" "$(grep '^# What' "$patches/0002-second.patch")"

# A new release: everything moves by a line; then one with a change where a patch has its own; in a tarball, as it comes.
release() { # SED-COMMANDS
    mkdir -p "$work/lua-9/src"
    sed "$1" "$source/lua.c" >"$work/lua-9/src/lua.c"
    cp "$source/lua.h" "$work/lua-9/src/"
    tar -czf "$work/lua-9.tar.gz" -C "$work" lua-9
}
old_source=$source
release '1i line 0'
source=$work/lua-9.tar.gz
tool check
expect "a release that moves lines" 1 "*0001-first fits, but not where it says:*lua.c: hunk 1 succeeded at 19 (offset 1 line)*"
tool refresh
tool check
expect "refreshed for what has moved" 0 "2 patches fit $source"

source=$old_source
release '1i line 0
s/^line 50$/line 50 of upstream/'
source=$work/lua-9.tar.gz
tool refresh
expect "a patch that does not fit" 1 "*0002-second does not fit:*lua.c: hunk 2 FAILED at 49.*"
tool refresh
expect "no refresh while a hunk lies beside" 1 "*0002-second: edit $work/tree/new by hand, following $work/tree/new/lua.c.rej*"
sed -i 's/^line 50 of upstream$/line fifty of upstream/' "$work/tree/new/lua.c"
rm "$work/tree/new/lua.c.rej"
source=$old_source
tool refresh
expect "no refresh from another source in the middle" 1 "*was laid out from $work/lua-9.tar.gz*"
source=$work/lua-9.tar.gz
tool refresh
expect "a mended patch" 0 "*wrote $patches/0002-second.patch*all patches fit $source"
tool check
expect "all patches fit the new release" 0 "2 patches fit $source"

source=$old_source
release '1i line 0
s/^line 20$/line 20, changed/'
source=$work/lua-9.tar.gz
tool refresh
expect "a release that has a patch's change" 1 "*0001-first does not fit:*the source has this change already*"
rm -f "$work/tree/new/lua.c.rej"
tool refresh
expect "a patch without a change is deleted" 1 "*0001-first changes nothing any more, and is deleted*0002-second does not fit*"
is "it is gone" "0002-second.patch" "$(ls "$patches")"

source=$work/none.tar.gz
rm -rf "$work/tree"
tool check
expect "a source that is missing" 1 "*none.tar.gz: there is no such file"

finish
