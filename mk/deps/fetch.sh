#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# fetch.sh STAGE DIR: downloads and unpacks the parts of a stage (see the list `parts`) into DIR:
#
#   root/  src/NAME-VERSION/  kernel/    unpacked packages, sources, kernel (kernel/vmlinuz is a link to the image)
#   include/gp/  include/teec/           GP's headers, as links into root/: the folders they lie in hold a libc too
#   done/                                one file a part that is in place; it holds the part's line of the list
#   partial/                             downloads under way; a cut one goes on from there
#   apt/                                 our own apt
#
# A part that is in place costs nothing, so a second run needs no network, and a changed list fetches only what is new.
# Binary packages are verified by apt's signatures and hashes, sources by those and by the sha256 in the list.
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
apt_ready=
need_apt() {
    [ -z "$apt_ready" ] || return 0
    apt_setup "$deps/apt"
    apt_ready=yes
}

# What apt says when its lists are older than the mirror.
stale_lists=' 404 |Not Found|Unable to (locate|find)|^E: No packages|[Mm]ismatch'

# download PART COMMAND...: runs an apt-get command in the part's folder under partial/.
download() {
    part=$1
    shift
    log=$deps/partial/$part.log
    mkdir -p "$deps/partial/$part"
    need_apt
    say "fetching $part"
    (cd "$deps/partial/$part" && "$@" >"$log" 2>&1 </dev/null) && return
    # Mirrors drop a package's old version when a new one comes, and lists of an earlier day do not know the new one.
    if [ -z "$apt_updated" ] && grep -Eq "$stale_lists" "$log"; then
        apt_update
        (cd "$deps/partial/$part" && "$@" >"$log" 2>&1 </dev/null) && return
    fi
    grep -E '^(E|W|Err)' "$log" >&2 || tail -n 5 "$log" >&2
    die "cannot download $part; check the network and run the same command again: it goes on from there"
}

# the_file PART PATTERN: the one file that a download left. Two are there when a cut download's version is not the newest
# any more.
the_file() {
    part=$1
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
    download "$1" apt-get -q download "$1"
    file=$(the_file "$1" '*.deb')
    verify "$1" "$file" "$(apt-get download --print-uris "$1" | sed -n 's/.* SHA256:\([0-9a-f]*\)$/\1/p')"
}

get_package() {
    fetch_package "$1"
    dpkg-deb -x "$file" "$deps/root" || die "cannot unpack $1"
}

get_kernel() {
    need_apt
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

get_source() {
    download "$1" apt-get -q source --download-only --tar-only "$1"
    file=$(the_file "$1" '*.orig.tar.[gx]z')
    verify "$1" "$file" "$3"
    rm -rf "$deps/src/$2" "$deps/partial/$2"
    mkdir "$deps/partial/$2"
    # -m: sources are as new as their unpacking, so that make rebuilds what was made of an older version.
    tar -xmf "$file" -C "$deps/partial/$2" --strip-components=1 --no-same-owner || die "cannot unpack $1"
    mv "$deps/partial/$2" "$deps/src/$2"
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

while read -r part_stage kind name folder digest; do
    [ "$part_stage" = "$stage" ] || continue
    line="$kind $name $folder $digest"
    stamp=$deps/done/$kind-$name
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$line" ]; then
        continue
    fi
    "get_$kind" "$name" "$folder" "$digest"
    rm -rf "$deps/partial/$name" "$deps/partial/$name.log"
    echo "$line" >"$stamp.new"
    mv "$stamp.new" "$stamp"
done <"$here/parts"
link_headers
