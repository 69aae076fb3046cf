#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# base.sh DEPS PRELOAD OUTPUT: the machine's userland from Debian 13 as a cpio archive for Linux's initramfs: busybox,
# libraries, OP-TEE's driver, supplicant (with the library PRELOAD), xtest with its TAs, openssl, and init.
set -eu

deps=$(cd "$1" && pwd)
preload=$2
output=$3
here=$(cd "$(dirname "$0")" && pwd)
libdir=$deps/root/usr/lib/aarch64-linux-gnu
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

# Plain folders and no links between them, so that an archive that is unpacked on top cannot replace a link by a folder.
mkdir -p "$tree/bin" "$tree/sbin" "$tree/usr/bin" "$tree/usr/sbin" "$tree/etc" "$tree/lib/modules" \
    "$tree/lib/optee_armtz" "$tree/usr/lib/aarch64-linux-gnu"
install -m 755 "$here/init" "$tree/init"
install -m 755 "$deps/root/usr/bin/busybox" "$tree/bin/busybox"
install -m 755 "$deps/root/usr/sbin/tee-supplicant" "$tree/usr/sbin/"
install -m 644 "$preload" "$tree/usr/lib/supplicant_stays.so"
install -m 755 "$deps/root/usr/bin/xtest" "$deps/root/usr/bin/openssl" "$tree/usr/bin/"
install -m 644 "$deps"/root/usr/lib/optee_armtz/*.ta "$tree/lib/optee_armtz/"
echo 'root:x:0:0:root:/root:/bin/sh' >"$tree/etc/passwd"
echo 'root:x:0:' >"$tree/etc/group"

# libgcc_s is loaded by libc itself, when a thread ends; cmocka is for unit tests that a job brings.
set -- "$libdir/libgcc_s.so.1" "$libdir/libcmocka.so.0"
libraries=$("$here/libraries.sh" "$libdir" "$tree"/usr/bin/* "$tree/usr/sbin/tee-supplicant" "$@")
# shellcheck disable=SC2086 # a list of paths
cp -L $libraries "$@" "$tree/usr/lib/aarch64-linux-gnu/"
# The path that every dynamic program names.
cp -L "$libdir/ld-linux-aarch64.so.1" "$tree/lib/"

for module in tee/tee tee/optee/optee block/virtio_blk; do
    set -- "$deps"/kernel/usr/lib/modules/*/kernel/drivers/"$module".ko.xz
    [ $# -eq 1 ] && [ -f "$1" ] || { echo "base.sh: not exactly one $module.ko.xz in $deps/kernel" >&2; exit 1; }
    xz -dc "$1" >"$tree/lib/modules/${module##*/}.ko"
done

(cd "$tree" && find . | cpio -o -H newc -R 0:0 --quiet) >"$output.new"
mv "$output.new" "$output"
