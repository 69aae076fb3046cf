#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# How mk/deps/fetch.sh gets Lua's source, without a network: a copy that the user has (LUA_TARBALL), and suites that have no such
# version, on a mirror made here. Prints "N passed, N failed".
set -u

. "$(dirname "$0")/standalone.sh"
export GNUPGHOME="$work/gpg"
trap 'gpgconf --kill all; rm -rf "$work"' EXIT

# A list of parts with nothing but Lua, of a version and a tarball of our own.
mkdir -p "$work/mk" "$work/tar/lua-5.4.99/src"
echo "int main;" >"$work/tar/lua-5.4.99/src/lua.c"
tar -cJf "$work/lua.tar.xz" -C "$work/tar" lua-5.4.99
digest_of() { sha256sum <"$1" | cut -d ' ' -f 1; }
digest=$(digest_of "$work/lua.tar.xz")
echo "run source lua5.4 lua-5.4.99 $digest 5.4.99 forky sid" >"$work/mk/parts"
echo "not Lua" >"$work/other.tar.gz"

# A mirror with a key of its own.
mirror=$work/mirror
mkdir -m 700 "$GNUPGHOME"
{
    gpg --batch --passphrase '' --quick-gen-key luatee ed25519 sign never
    gpg --export >"$work/keyring.gpg"
} 2>"$work/gpg.log" || { cat "$work/gpg.log"; exit 1; }
cp mk/deps/fetch.sh "$work/mk/"
sed "s|^apt_keyring=.*|apt_keyring=$work/keyring.gpg|" mk/deps/apt.sh >"$work/mk/apt.sh"

# suite NAME VERSION: a suite with one source package; its tarball is Lua's.
suite() {
    dist=$mirror/dists/$1
    pool=pool/main/l/lua5.4
    tarball=lua5.4_${2%-*}.orig.tar.xz
    mkdir -p "$dist/main/source" "$mirror/$pool"
    cp "$work/lua.tar.xz" "$mirror/$pool/$tarball"
    printf 'Format: 3.0 (quilt)\n' >"$mirror/$pool/lua5.4_$2.dsc"
    cat >"$dist/main/source/Sources" <<LIST
Package: lua5.4
Binary: lua5.4
Version: $2
Architecture: any
Format: 3.0 (quilt)
Directory: $pool
Files:
 0123456789abcdef0123456789abcdef $(stat -c %s "$mirror/$pool/lua5.4_$2.dsc") lua5.4_$2.dsc
Checksums-Sha256:
 $(digest_of "$mirror/$pool/lua5.4_$2.dsc") $(stat -c %s "$mirror/$pool/lua5.4_$2.dsc") lua5.4_$2.dsc
 $digest $(stat -c %s "$mirror/$pool/$tarball") $tarball

LIST
    cat >"$dist/Release" <<LIST
Origin: luatee
Codename: $1
Suite: $1
Date: $(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S UTC')
Architectures: arm64
Components: main
SHA256:
 $(digest_of "$dist/main/source/Sources") $(stat -c %s "$dist/main/source/Sources") main/source/Sources
LIST
    rm -f "$dist/InRelease"
    gpg --batch -q --clearsign -o "$dist/InRelease" "$dist/Release" 2>>"$work/gpg.log"
}

fresh_deps() {
    rm -rf "$work/deps"
    mkdir -p "$work/deps"
    ln -s "$(realpath "$DEPS/root")" "$work/deps/root"
}

fetch() { # [VARIABLE=VALUE...]
    status=0
    env LUATEE_MIRROR="file://$mirror" "$@" "$work/mk/fetch.sh" run "$work/deps" >"$work/out" 2>&1 </dev/null || status=$?
    out=$(cat "$work/out")
}

# expect WHAT STATUS PATTERN: the status of the last fetch, and its output as a pattern (of case)
expect() {
    # shellcheck disable=SC2254 # a pattern
    case $status:$out in
        $2:$3) passed=$((passed + 1)) ;;
        *)
            failed=$((failed + 1))
            echo "FAIL $1: exit status $status, and its output:"
            sed 's/^/    /' "$work/out"
            ;;
    esac
}

# is WHAT EXPECTED SEEN
is() {
    status=0 out=$3
    echo "$3" >"$work/out"
    expect "$1" 0 "$2"
}

unpacked=deps/src/lua-5.4.99/src/lua.c

fresh_deps
fetch "LUA_TARBALL=$work/lua.tar.xz"
expect "a good copy" 0 "*unpacking $work/lua.tar.xz*"
is "a good copy is unpacked" "int main;" "$(cat "$work/$unpacked")"
rm "$work/$unpacked"
fetch "LUA_TARBALL=$work/other.tar.gz"
expect "what is in place is not fetched again" 0 ""
echo "source lua5.4 lua-5.4.98 0123" >"$work/deps/done/source-lua5.4"
fetch "LUA_TARBALL=$work/lua.tar.xz"
is "another version in place is replaced" "int main;" "$(cat "$work/$unpacked")"

fresh_deps
other=$(sha256sum <"$work/other.tar.gz")
fetch "LUA_TARBALL=$work/other.tar.gz"
expect "a wrong copy is named, with both digests" 1 "*$work/other.tar.gz is not the tarball of Lua 5.4.99*${other%% *}*$digest*"
is "a wrong copy stays" "not Lua" "$(cat "$work/other.tar.gz")"
is "of a wrong copy nothing is unpacked" "" "$(ls "$work/deps/src")"
fetch "LUA_TARBALL=$work/none.tar.gz"
expect "a copy that is missing" 1 "*LUA_TARBALL=$work/none.tar.gz: there is no such file*"

fetch LUA_TARBALL=
expect "a mirror without these suites" 1 "*forky: none that apt can find; sid: none that apt can find*LUA_TARBALL=FILE*"

suite forky 5.4.100-1
suite sid 5.4.9-2
fetch LUA_TARBALL=
expect "no suite has the version" 1 "*no suite of *$mirror* has lua5.4 5.4.99*forky: 5.4.100-1; sid: 5.4.9-2*$digest*LUA_TARBALL=FILE*"

suite sid 5.4.99-3
fetch LUA_TARBALL=
expect "the second suite has the version now" 0 "*forky*sid*fetching lua5.4*"
is "what comes from the second suite is unpacked" "int main;" "$(cat "$work/$unpacked")"
rm -rf "$mirror"
fetch LUA_TARBALL=
expect "what is in place needs no mirror" 0 ""

finish
