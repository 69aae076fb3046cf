#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# How much C stack the Trusted Application takes at the deepest, on real OP-TEE: builds a TA with a large stack that is
# painted before each command (paint.c), runs every case of tests/lua/ta/deep_cases.lua, and prints bytes, case, error.
# Needs the machine: `make qemu-machine` first.   Usage: tests/stack/measure.sh [BUILD]      (default: build)
set -eu

build=${1:-build}
cd "$(dirname "$0")/../.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM HUP

make --no-print-directory O="$build/stack" TA_EXTRA_SOURCES=tests/stack/paint.c \
    TA_EXTRA_LDFLAGS=--wrap=TA_InvokeCommandEntryPoint TA_EXTRA_DEFINES=-DTA_STACK_SIZE=0x180000 ta \
    >"$dir/make.log" 2>&1 || { tail -n 20 "$dir/make.log" >&2; exit 1; }

mkdir -p "$dir/deep/host" "$dir/deep/ta"
cp tests/stack/main.lua "$dir/deep/host/"
cp tests/lua/ta/deep_cases.lua "$dir/deep/ta/"
echo 'luatee run --tee=optee -u /root/deep' >"$dir/job"
ta=$(basename "$(ls "$build"/stack/ta/*.ta)")
tests/qemu/run.sh --timeout 300 --machine "$build/qemu" --put "$dir/deep:/root/deep" \
    --put "$build/stack/ta/$ta:/lib/optee_armtz/$ta" --job "$dir/job" --consoles "$dir" >"$dir/cases"

# Of each session the largest figure counts, and the first session only asks for the names.
tr -d '\r' <"$dir/secure.log" | awk '
    /Destroy session|stack: [0-9]+ bytes/ {
        if (match($0, /stack: [0-9]+/)) {
            figure = substr($0, RSTART + 7, RLENGTH - 7) + 0
            if (figure > most) most = figure
        } else if (most) { print most; most = 0 }
    }' | sed 1d | paste - "$dir/cases" | sort -rn
