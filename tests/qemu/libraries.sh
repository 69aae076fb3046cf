#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# libraries.sh LIBDIR FILE...: prints the path, in LIBDIR, of every shared library that the arm64 programs and
# libraries FILE need, directly or not. Fails, naming it, on one that LIBDIR does not have.
set -eu

libdir=$1
shift
found=' '
while [ $# -gt 0 ]; do
    file=$1
    shift
    for name in $(aarch64-linux-gnu-readelf -d "$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
        case $found in *" $name "*) continue ;; esac
        if [ ! -f "$libdir/$name" ]; then
            echo "libraries.sh: $file needs $name, which is not in $libdir" >&2
            exit 1
        fi
        found="$found$name "
        echo "$libdir/$name"
        set -- "$@" "$libdir/$name"
    done
done
