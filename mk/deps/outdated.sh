#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# outdated.sh DIR: the versions in use of the parts whose bugs can be ours, and those that Debian's suites have today. DIR is
# where fetch.sh has put the parts. SECURITY.md says what to do when there is a newer one.
set -eu

say() { echo "outdated: $*" >&2; }
die() { say "$*"; exit 1; }

[ $# -eq 1 ] || die "usage: outdated.sh DIR"
here=$(cd "$(dirname "$0")" && pwd)
deps=$(cd "$1" && pwd)
. "$here/apt.sh"

suites='trixie forky sid'
format='%-24s %-12s'

# The upstream version of a pinned source, from the name of its folder; of an unpacked package, from its changelog.
in_use() {
    folder=$(awk -v name="$1" '$2 == "source" && $3 == name { print $4 }' "$here/parts")
    if [ -n "$folder" ]; then
        echo "${folder##*-}"
        return
    fi
    gzip -dc "$deps/root/usr/share/doc/$2/changelog.Debian.gz" | sed -n '1s/.*(\(.*\)-[^-]*).*/\1/p'
}

# The newest upstream version of a source in the suite that apt_use has chosen.
newest() {
    apt-cache showsrc "$1" 2>/dev/null | sed -n 's/^Version: \([0-9]*:\)\{0,1\}\(.*\)-[^-]*$/\2/p' | sort -V | tail -n 1
}

newest_in() {
    apt_use "$deps/apt-$1" "$1" deb-src || die "cannot fetch the package lists of $1; check the network"
    apt_is_new || apt_update || die "cannot fetch the package lists of $1; check the network"
    while read -r source _; do
        echo "$source $(newest "$source")"
    done <"$deps/outdated.sources"
}

# A source, and a package of it that is unpacked.
cat >"$deps/outdated.sources" <<'SOURCES'
lua5.4
picolibc
arm-trusted-firmware
optee-os optee-os
optee-client tee-supplicant
openssl libssl3t64
SOURCES

for suite in $suites; do
    newest_in "$suite" >"$deps/outdated.$suite"
done

# shellcheck disable=SC2059 # one format for all lines
{
    printf "$format" part "in use"
    for suite in $suites; do printf ' %-12s' "$suite"; done
    echo
    while read -r source package; do
        printf "$format" "$source" "$(in_use "$source" "$package")"
        for suite in $suites; do
            printf ' %-12s' "$(awk -v name="$source" '$1 == name { print $2 == "" ? "-" : $2 }' "$deps/outdated.$suite")"
        done
        echo
    done <"$deps/outdated.sources"
}
rm -f "$deps"/outdated.*
