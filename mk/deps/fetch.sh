#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# fetch.sh STAGE DIR: downloads and unpacks the parts of a stage (see the list `parts`) into DIR:
#
#   root/  src/NAME-VERSION/  kernel/    unpacked packages, sources, kernel (kernel/vmlinuz is a link to the image)
#   include/gp/  include/teec/           GP's headers, as links into root/: the folders they lie in hold a libc too
#   done/                                one file a part that is in place; it holds the part's line of the list
#   partial/                             downloads under way; a cut one goes on from there
#   apt/  apt-SUITE/                     our own apt, for Debian 13 and for other suites
#
# A part that is in place costs nothing, so a second run needs no network, and a changed list fetches only what is new.
# Binary packages are verified by apt's signatures and hashes, sources by those and by the sha256 in the list. LUA_TARBALL=FILE in the
# environment: that copy of Lua's tarball is used instead, when it has the sha256 in the list.
set -eu

say() { echo "deps: $*" >&2; }
die() { say "$*"; exit 1; }

[ $# -eq 2 ] || die "usage: fetch.sh run|qemu|test DIR"
stage=$1
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2/done" "$2/partial" "$2/src" "$2/root"
deps=$(cd "$2" && pwd)
. "$here/apt.sh"

# Two makes at once: the second waits, then finds everything done.
exec 9>"$deps/lock"
flock 9

# Sets up apt, for the first part that is not in place.
debian_13_ready=
need_debian_13() {
    [ -z "$debian_13_ready" ] || return 0
    apt_use "$deps/apt" trixie deb deb-src || no_lists
    debian_13_ready=yes
}

no_lists() {
    die "cannot fetch the package lists of $apt_suite; check the network and run the same command again"
}

# Messages of apt when its lists are older than the mirror.
stale_lists=' 404 |Not Found|Unable to (locate|find)|^E: No packages|[Mm]ismatch'

# download PART COMMAND...: runs a command of the apt in use, in the part's folder under partial/.
download() {
    part=$1
    shift
    log=$deps/partial/$part.log
    mkdir -p "$deps/partial/$part"
    say "fetching $part"
    (cd "$deps/partial/$part" && "$@" >"$log" 2>&1 </dev/null) && return
    # Mirrors drop a package's old version when a new one comes, and lists of an earlier day do not know the new one.
    if ! apt_is_new && grep -Eq "$stale_lists" "$log"; then
        apt_update || no_lists
        (cd "$deps/partial/$part" && "$@" >"$log" 2>&1 </dev/null) && return
    fi
    grep -E '^(E|W|Err)' "$log" >&2 || tail -n 5 "$log" >&2
    die "cannot download $part; check the network and run the same command again: it goes on from there"
}

# the_file PART PATTERN: the one file that a download left. Two are there when a cut download's version is not the newest
# any more.
the_file() {
    part=$1
    # shellcheck disable=SC2086 # a pattern
    set -- "$deps/partial/$part"/$2
    if [ $# -ne 1 ] || [ ! -f "$1" ]; then
        rm -rf "$deps/partial/$part"
        die "$part: not exactly one file was downloaded; removed, so run the same command again"
    fi
    echo "$1"
}

# verify PART FILE SHA256: a file that is not what it should be does not stay.
verify() {
    echo "$3  $2" | sha256sum -c --status - && return
    rm -f "$2"
    die "$1: $(basename "$2") has another sha256 than it should; removed, so run the same command again"
}

# fetch_package NAME: downloads a binary package; its path is $file then. apt takes a file of the right size that is
# there already at its word, so that its hash is checked here, against the signed lists.
fetch_package() {
    need_debian_13
    download "$1" apt-get -q download "$1"
    file=$(the_file "$1" '*.deb')
    verify "$1" "$file" "$(apt-get download --print-uris "$1" | sed -n 's/.* SHA256:\([0-9a-f]*\)$/\1/p')"
}

get_package() {
    fetch_package "$1"
    dpkg-deb -x "$file" "$deps/root" || die "cannot unpack $1"
}

get_kernel() {
    need_debian_13
    # The real package carries the kernel's version in its name.
    real=$(apt-cache show --no-all-versions "$1" | sed -n 's/^Depends:.*\(linux-image-[0-9][^ ,]*\).*/\1/p')
    [ -n "$real" ] || die "$1 depends on no kernel image that this script knows"
    fetch_package "$real"
    rm -rf "$deps/kernel" "$deps/partial/kernel"
    dpkg-deb -x "$file" "$deps/partial/kernel" || die "cannot unpack $real"
    (cd "$deps/partial/kernel" && ln -s boot/vmlinuz-* vmlinuz)
    mv "$deps/partial/kernel" "$deps/kernel"
    rm -rf "$deps/partial/$real" "$deps/partial/$real.log"
}

# unpack_source NAME FILE FOLDER
unpack_source() {
    rm -rf "$deps/src/$3" "$deps/partial/$3"
    mkdir "$deps/partial/$3"
    # -m: sources are as new as their unpacking, so that make rebuilds what was made of an older version.
    tar -xmf "$2" -C "$deps/partial/$3" --strip-components=1 --no-same-owner || die "cannot unpack $1"
    mv "$deps/partial/$3" "$deps/src/$3"
}

# fetch_source NAME SOURCE FOLDER SHA256: SOURCE is NAME or NAME=VERSION, for the apt in use.
fetch_source() {
    download "$1" apt-get -q source --download-only --tar-only "$2"
    file=$(the_file "$1" '*.orig.tar.[gx]z')
    verify "$1" "$file" "$4"
    unpack_source "$1" "$file" "$3"
}

# The versions of a source package that the apt in use knows, one a line.
versions_of() { apt-cache showsrc "$1" 2>/dev/null | sed -n 's/^Version: //p'; }

# revision_of NAME UPSTREAM: the first of them that Debian made of this upstream version; nothing when there is none.
revision_of() { versions_of "$1" | awk -v upstream="$2" 'index($0, upstream "-") == 1 { print; exit }'; }

# get_source NAME FOLDER SHA256 [UPSTREAM SUITE...]
get_source() {
    name=$1 folder=$2 digest=$3 upstream=${4:-}
    if [ "$name" = lua5.4 ] && [ -n "${LUA_TARBALL:-}" ]; then
        copy_of_lua
    elif [ -n "$upstream" ]; then
        shift 4
        from_suites "$@"
    else
        need_debian_13
        fetch_source "$name" "$name" "$folder" "$digest"
    fi
}

# from_suites SUITE...: the first that has the version.
from_suites() {
    seen=
    for suite; do
        version=
        if apt_use "$deps/apt-$suite" "$suite" deb-src; then
            # What an earlier day's lists name may be gone: these suites change every day.
            apt_is_new || apt_update || say "going on with the lists of an earlier day"
            version=$(revision_of "$name" "$upstream")
        fi
        if [ -n "$version" ]; then
            fetch_source "$name" "$name=$version" "$folder" "$digest"
            return
        fi
        known=$(versions_of "$name" | paste -sd ' ' -)
        seen="$seen; $suite: ${known:-none that apt can find}"
    done
    die "no suite of this machine's mirror ($mirror) has $name $upstream. Its versions$(echo "$seen" | sed 's/^;/ in/').
  Get the tarball of Lua $upstream elsewhere (its sha256 is $digest),
  and run the same command again with LUA_TARBALL=FILE"
}

# Uses the user's own copy. Never removes it, even when it is wrong.
copy_of_lua() {
    [ -f "$LUA_TARBALL" ] || die "LUA_TARBALL=$LUA_TARBALL: there is no such file"
    is=$(sha256sum <"$LUA_TARBALL")
    is=${is%% *}
    [ "$is" = "$digest" ] || die "LUA_TARBALL=$LUA_TARBALL is not the tarball of Lua $upstream.
  Its sha256 is     $is
  and it must be    $digest"
    say "unpacking $LUA_TARBALL"
    unpack_source "$name" "$LUA_TARBALL" "$folder"
}

link_headers() {
    kit=root/usr/lib/optee-os-dev/vexpress-qemu_armv8a/include
    mkdir -p "$deps/include/gp" "$deps/include/teec"
    for header in compiler trace trace_levels types_ext tee_internal_api tee_api tee_api_types tee_api_defines \
                  tee_api_compat tee_ta_api; do
        [ -f "$deps/$kit/$header.h" ] || die "optee-os-dev holds no $kit/$header.h"
        ln -sfn "../../$kit/$header.h" "$deps/include/gp/$header.h"
    done
    ln -sfn ../../root/usr/include/tee_client_api.h "$deps/include/teec/tee_client_api.h"
}

while read -r part_stage kind name folder digest from; do
    [ "$part_stage" = "$stage" ] || continue
    line="$kind $name $folder $digest" # not where it comes from: the digest says what it is
    stamp=$deps/done/$kind-$name
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$line" ]; then
        continue
    fi
    # shellcheck disable=SC2086 # the other columns, one a word
    "get_$kind" "$name" "$folder" "$digest" $from
    rm -rf "$deps/partial/$name" "$deps/partial/$name.log"
    echo "$line" >"$stamp.new"
    mv "$stamp.new" "$stamp"
done <"$here/parts"
link_headers
