#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# lua-patch.sh PATCHES SOURCE WORK COMMAND: keeps the patches of Lua in the folder PATCHES, for the `make lua-patch` of mk/lua.mk.
# SOURCE is Lua's tarball, or a folder with its sources. Commands:
#
#   check         Each patch must fit exactly, on top of those before it, and must be what `refresh` writes.
#   edit NAME     Lays out WORK/new, with all patches up to NAME, for a person to change. NAME may be a patch to be.
#   refresh       Writes the patch that is being edited from WORK/new; then those after it, as far as they fit, even moved or with
#                 fuzz. Stops at the first that does not: what it has so far is in WORK/new, the rest beside it in *.rej, and the
#                 next refresh goes on from there. When nothing is being edited, it begins at the first patch.
#
# A patch is a head of comments, then a diff of two lines of context for each file, in the order of their names, without dates.
# WORK/old is the tree before the patch that is being edited, WORK/patch holds its name, WORK/source where the tree came from.
set -eu
LC_ALL=C
export LC_ALL

say() { echo "lua-patch: $*" >&2; }
die() { say "$*"; exit 1; }

[ $# -ge 4 ] || die "usage: lua-patch.sh PATCHES SOURCE WORK check | edit NAME | refresh"
patches=$1 source=$2 work=$3 command=$4
again="make lua-patch REFRESH=1${LUA_TARBALL:+ LUA_TARBALL=$LUA_TARBALL}"

# begin: WORK/new is the source as it comes.
begin() {
    rm -rf "$work"
    mkdir -p "$work/new"
    if [ -d "$source" ]; then
        cp "$source"/*.[ch] "$work/new" || die "$source holds no sources of Lua"
    else
        [ -f "$source" ] || die "$source: there is no such file"
        mkdir "$work/tar"
        tar -xf "$source" -C "$work/tar" || die "$source cannot be unpacked"
        lua_h=$(find "$work/tar" -name lua.h | head -n 1)
        [ -n "$lua_h" ] || die "$source holds no lua.h: it is not a tarball of Lua"
        cp "$(dirname "$lua_h")"/*.[ch] "$work/new"
        rm -rf "$work/tar"
    fi
    realpath "$source" >"$work/source"
}

# next_layer NAME: the tree so far becomes the one that patch NAME is made against.
next_layer() {
    rm -rf "$work/old"
    cp -r "$work/new" "$work/old"
    echo "$1" >"$work/patch"
}

# apply NAME FUZZ: applies a patch to WORK/new; what happened is in WORK/log.
apply() {
    patch -p1 -N -F "$2" --no-backup-if-mismatch -d "$work/new" <"$patches/$1.patch" >"$work/log" 2>&1
}

# The hunks of the last apply that match a pattern, for a person.
hunks() {
    awk -v pattern="$1" '/^patching file/ { file = $3 } $0 ~ pattern { sub(/^Hunk #/, "hunk "); print "  " file ": " $0 }
                         /^Reversed/ { print "  " file ": the source has this change already" }' "$work/log" >&2
}

# The comments that a patch begins with.
head_of() {
    if [ -f "$patches/$1.patch" ]; then
        sed '/^--- /,$d' "$patches/$1.patch"
    else
        printf '# SPDX-License-Identifier: BSD-2-Clause\n# %s: say here what this patch changes, and why.\n\n' "$1"
    fi
}

# Prints the differences of the two trees.
differences() {
    (cd "$work/new" && ls -- *.[ch]) | while read -r file; do
        diff -U2 --label "a/$file" --label "b/$file" "$work/old/$file" "$work/new/$file" || [ $? -eq 1 ]
    done
}

# canonical NAME: prints the patch as it should be.
canonical() {
    head_of "$1"
    differences
}

# The names of the patches, in order; with an argument those after it.
names() {
    for file in "$patches"/*.patch; do
        name=$(basename "$file" .patch)
        [ "$name" != "*" ] || continue
        if [ -z "${1:-}" ] || expr "x$name" '>' "x$1" >/dev/null; then echo "$name"; fi
    done
}

check() {
    # Not where a patch may be being edited.
    work=$work-check
    trap 'rm -rf "$work"' EXIT
    begin
    wrong=0 count=0
    for name in $(names); do
        next_layer "$name"
        apply "$name" 0 || {
            say "$name does not fit:"
            hunks '^Hunk.*FAILED'
            die "to repair it and all after it: $again"
        }
        count=$((count + 1))
        canonical "$name" >"$work/canonical"
        cmp -s "$work/canonical" "$patches/$name.patch" && continue
        wrong=$((wrong + 1))
        if grep -q '^Hunk' "$work/log"; then
            say "$name fits, but not where it says:"
            hunks '^Hunk'
        else
            say "$name is not in the form that a refresh gives it: $(cmp "$work/canonical" "$patches/$name.patch" 2>&1)"
        fi
    done
    [ "$wrong" -eq 0 ] || die "to write these anew: $again"
    echo "$count patches fit $source"
}

# edit NAME
edit() {
    name=$(basename "$1" .patch)
    [ ! -e "$work/patch" ] || die "$(cat "$work/patch") is being edited in $work; first refresh, or delete that folder"
    begin
    for before in $(names); do
        expr "x$before" '<' "x$name" >/dev/null || break
        apply "$before" 0 || { rm "$work/source"; die "$before does not fit; first $again"; }
    done
    next_layer "$name"
    if [ -f "$patches/$name.patch" ]; then
        apply "$name" 0 || { hunks '^Hunk.*FAILED'; rm -rf "$work"; die "$name does not fit; first $again"; }
    fi
    echo "change the files in $work/new, then: $again"
}

# Writes the patch of the current layer.
write_patch() {
    name=$(cat "$work/patch")
    for reject in "$work"/new/*.rej; do
        [ ! -e "$reject" ] ||
            die "$name: edit $work/new by hand, following $reject, delete that file, then: $again"
    done
    canonical "$name" >"$work/canonical"
    if ! grep -q '^--- ' "$work/canonical"; then
        rm -f "$patches/$name.patch"
        say "$name changes nothing any more, and is deleted"
    elif ! cmp -s "$work/canonical" "$patches/$name.patch"; then
        cat "$work/canonical" >"$patches/$name.patch"
        echo "wrote $patches/$name.patch"
    fi
}

refresh() {
    name=
    if [ -e "$work/patch" ]; then
        [ "$(realpath "$source")" = "$(cat "$work/source")" ] ||
            die "$work was laid out from $(cat "$work/source"), not from $source; go on with that one, or delete the folder"
        write_patch
    else
        begin
    fi
    for name in $(names "$name"); do
        next_layer "$name"
        apply "$name" 2 || {
            say "$name does not fit:"
            hunks '^Hunk.*FAILED'
            die "edit $work/new by hand, following its *.rej files, delete those, then once more: $again"
        }
        write_patch
    done
    rm -rf "$work"
    echo "all patches fit $source"
}

case $command in
    check) check ;;
    edit) edit "${5:?a patch}" ;;
    refresh) refresh ;;
    *) die "no command $command" ;;
esac
