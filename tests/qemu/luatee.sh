#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# luatee.sh GUEST TA OUTPUT: the arm64 build of luatee in the folder GUEST and the file TA, as a cpio archive for
# Linux's initramfs, on top of base.cpio.
set -eu

guest=$1
ta=$2
output=$3
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

mkdir -p "$tree/usr/bin" "$tree/usr/lib/lua/5.4" "$tree/lib/optee_armtz"
aarch64-linux-gnu-strip -o "$tree/usr/bin/luatee" "$guest/bin/luatee"
ln -s luatee "$tree/usr/bin/invoke_lua_interpreter"
ln -s luatee "$tree/usr/bin/encrypt_lua"
aarch64-linux-gnu-strip --strip-unneeded -o "$tree/usr/lib/libluatee.so.0" "$guest/lib/libluatee.so"
ln -s libluatee.so.0 "$tree/usr/lib/libluatee.so"
aarch64-linux-gnu-strip --strip-unneeded -o "$tree/usr/lib/lua/5.4/tee.so" "$guest/lib/tee.so"
install -m 644 "$ta" "$tree/lib/optee_armtz/"

(cd "$tree" && find . | cpio -o -H newc -R 0:0 --quiet) >"$output.new"
mv "$output.new" "$output"
