#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# host-packages.sh run|device|lint|check|coverage: sees to it that this machine has the Debian packages which we need,
# and installs what is missing (as root, or by sudo if that asks for no password).
#
#   run       to build and run the simulator
#   device    the same, the TA, and real OP-TEE in QEMU
#   lint      to build the simulator, and for `make lint`
#   check     device and lint, and all tests
#   coverage  check, and for `make coverage`
set -eu

# fetch.sh needs apt, dpkg-deb, flock and xz; a keyring that knows Debian 13.
run='gcc make patch libc6-dev libssl-dev binutils xz-utils util-linux ca-certificates debian-archive-keyring'
device='gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-system-arm cpio
    python3 python3-cryptography python3-pyelftools'
lint='clang clang-format clang-tidy cppcheck shellcheck lua-check git'
check='e2fsprogs gpg gpg-agent lua5.4 liblua5.4-dev libcmocka-dev libclang-rt-dev openssl
    ruby ruby-cose python3-cbor2'

case ${1:-} in
    run) wanted=$run ;;
    device) wanted="$run $device" ;;
    lint) wanted="$run $lint" ;;
    check) wanted="$run $device $lint $check" ;;
    coverage) wanted="$run $device $lint $check gcovr" ;;
    *) echo "usage: host-packages.sh run|device|lint|coverage|check" >&2; exit 2 ;;
esac

missing=
# shellcheck disable=SC2086 # a list of names
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null || true)
for package in $wanted; do
    echo "$installed" | grep -qx "installed $package" || missing="$missing $package"
done
missing=${missing# }
[ -n "$missing" ] || exit 0

command="apt-get install -y --no-install-recommends $missing"
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root='sudo -n'
else
    echo "This needs Debian packages that are not installed. As root, type:" >&2
    echo "  apt-get update && $command" >&2
    exit 1
fi

echo "installing Debian packages: $missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" >>"$log" 2>&1 </dev/null; }
# shellcheck disable=SC2086 # a list of names
install_missing() { apt install -y --no-install-recommends $missing; }

# A machine without package lists, or with outdated ones, needs them first.
set -- /var/lib/apt/lists/*_Packages*
{ [ -e "$1" ] && install_missing; } || { apt update && install_missing; } || {
    tail -n 15 "$log" >&2
    echo "could not install: $missing; the lines above are apt's. To see for yourself, as root:" >&2
    echo "  apt-get update && $command" >&2
    exit 1
}
