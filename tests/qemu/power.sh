#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# power.sh MACHINE DEPS LUATEE [CUTS]: cuts the power of the machine in QEMU in the middle of store operations, CUTS times
# (default 3), with the TEE's secure storage on a disk. After each cut, both stored scripts must be there and whole, each
# of a version that was being stored when the power went, or the one before; and packages of an older sequence than the one
# that ran in the first boot must still be refused. LUATEE packs them, here. Ends with "N passed, N failed".
set -eu

here=$(cd "$(dirname "$0")" && pwd)
machine=$1
deps=$2
luatee=$3
cuts=${4:-3}
cut_status=143 # run.sh, when it is told to end
dir=$(mktemp -d "${TMPDIR:-/tmp}/luatee-power.XXXXXX")
machine_pid=
trap '[ -z "$machine_pid" ] || kill "$machine_pid" 2>/dev/null || true; rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM HUP

truncate -s 64M "$dir/disk"
PATH=$PATH:/sbin:/usr/sbin mke2fs -q -t ext4 "$dir/disk"

# pack SEQUENCE: an app of one script, packed, in a folder of that name.
pack() {
    app=$dir/packed/$1/sequence
    mkdir -p "$app/host" "$app/ta"
    echo 'return TA_call("script")' >"$app/host/main.lua"
    echo "return $1" >"$app/ta/script.lua"
    echo "return { sequence = $1 }" >"$app/manifest.lua"
    "$luatee" pack "$app" >/dev/null
    rm "$app/ta/script.lua" "$app/manifest.lua"
}
pack 1
pack 2

# job ROUND: runs packages, in the first boot those of sequence 2; tells what is stored, then stores newer and newer versions ROUND.1, ROUND.2, ... until the power goes.
cat >"$dir/job" <<'JOB'
round=$1
mkdir -p reader/app/host app/host app/ta
echo 'return TA_call(...)' | tee reader/app/host/main.lua >app/host/main.lua

# A script that knows what it is, and of how many bytes.
make_scripts() {
    for name in first second; do
        awk -v version="$1" 'BEGIN {
            filler = version ","
            while (length(filler) < 50000) filler = filler filler
            printf "local filler = \"%s\"\n", filler
            print "if #filler ~= " length(filler) " then error(\"torn\") end"
            print "for part in filler:gmatch(\"([^,]+),\") do if part ~= \"" version "\" then error(\"torn\") end end"
            print "return \"" version "\""
        }' >app/ta/$name.lua
    done
}

run_packed() {
    status=0
    said=$(luatee run --tee=optee "/packed/$1/sequence" 2>&1) || status=$?
    sequence="sequence $1: exit status $status, $said"
}

if [ "$round" -eq 0 ]; then
    run_packed 2
else
    run_packed 1
    luatee run --tee=optee -su reader/app first
    luatee run --tee=optee -su reader/app second
fi
echo told
echo "$sequence"
n=0
while :; do
    make_scripts "$round.$n"
    luatee store add --tee=optee -u app >/dev/null || exit
    echo "stored $round.$n"
    [ "$2" = cut ] || exit 0
    n=$((n + 1))
done
JOB

# boot ROUND once|cut: a run until the job is over, or until the power is cut, some time after the first version was stored.
boot() {
    : >"$dir/out" # or what the boot before said would be taken for this one's
    "$here/run.sh" --machine "$machine" --deps "$deps" --disk "$dir/disk" --put "$dir/packed:/packed" --job "$dir/job" \
        --timeout 1800 -- "$1" "$2" >"$dir/out" 2>"$dir/err" </dev/null &
    machine_pid=$!
    if [ "$2" = cut ]; then
        while kill -0 "$machine_pid" 2>/dev/null && ! grep -q '^stored' "$dir/out"; do sleep 0.1; done
        sleep "$(($1 % 3)).$(($1 * 37 % 10))"
        kill "$machine_pid" 2>/dev/null || true
    fi
    status=0
    wait "$machine_pid" || status=$?
}

# What a boot found, $1 (two versions), must be what the one before was told is stored, $2, or the one that was under way.
# What was told to be stored is not lost.
found() {
    next=${2%.*}.$((${2#*.} + 1))
    set -- "$1" "$2" "$(echo "$1" | tr ' ' '\n' | grep -cxF -e "$2" -e "$next")"
    [ "$3" -eq 2 ]
}
told() {
    sed '/^told/,$d' "$dir/out" | tr '\n' ' '
}
# An older sequence is refused.
refused() {
    grep -q '^sequence 1: exit status 4, ' "$dir/out"
}

passed=0
failed=0
boot 0 once
[ "$status" -ne 0 ] || grep -qx 'sequence 2: exit status 0, 2' "$dir/out" || status=1
stored=0.0
round=1
while [ "$status" -eq 0 ] && [ "$round" -le "$cuts" ]; do
    boot "$round" cut
    versions=$(told)
    [ "$status" -eq "$cut_status" ] && found "$versions" "$stored" && refused || break
    passed=$((passed + 1))
    stored=$(sed -n 's/^stored //p' "$dir/out" | tail -n 1)
    echo "round $round found $versions; power cut when $stored was stored"
    status=0
    round=$((round + 1))
done
[ "$status" -ne 0 ] || boot "$round" once
versions=$(told)
if [ "$status" -eq 0 ] && found "$versions" "$stored" && refused; then
    passed=$((passed + 1))
    echo "round $round found $versions"
else
    failed=$((failed + 1))
    echo "round $round: the machine's status is $status; stored was $stored, and found: $versions(or no sequence was refused)"
    cat "$dir/out" "$dir/err"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
