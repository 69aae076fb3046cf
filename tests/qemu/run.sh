#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Boots Linux and OP-TEE in QEMU, runs a job there as root, and hands back its output, live, and its exit status.
usage='usage: run.sh [OPTION]... --job SCRIPT [-- ARG...]     run SCRIPT (sh) with ARG...
       run.sh [OPTION]... --shell                      a prompt instead

  --put SRC:DST    copy the file or folder SRC to the absolute path DST of the machine first; may be repeated
  --disk FILE      an ext4 image for what the TEE stores; without it, that is in memory
  --stdin          connect standard input; otherwise the job reads an empty one
  --timeout S      switch the machine off after S seconds (default 120)
  --icount         one instruction takes one nanosecond of the machine'\''s time: to measure
  --consoles DIR   keep what the two worlds said on their consoles: DIR/linux.log, DIR/secure.log (that one
                   ends with a PANIC: it is how TF-A switches this machine off)
  --machine DIR    flash.bin and *.cpio as mk/qemu.mk makes them (default build/qemu)
  --deps DIR       where the kernel is (default build/deps)

exit status: the job'\''s; 124 when the time was over; 125 when the machine failed before the job ended; 2 wrong usage.
124 and 125 come with a message and the tail of both consoles on standard error.'
set -eu

# Where the firmware expects the kernel (PRELOADED_BL33_BASE of mk/qemu.mk), and a place above it for the archives.
kernel_address=0x44000000
initrd_address=0x50000000

repo=$(cd "$(dirname "$0")/../.." && pwd)
machine=$repo/build/qemu
deps=$repo/build/deps
timeout=120
icount='' job='' shell='' stdin='' consoles='' disk=''
dir=$(mktemp -d "${TMPDIR:-/tmp}/luatee-qemu.XXXXXX")
qemu='' reader=''

finish() {
    trap '' EXIT INT TERM HUP
    [ -z "$reader" ] || kill "$reader" 2>/dev/null || true
    if [ -n "$qemu" ]; then
        kill "$qemu" 2>/dev/null || true
        wait "$qemu" 2>/dev/null || true
    fi
    if [ -n "$consoles" ]; then
        mkdir -p "$consoles"
        cp "$dir/linux.log" "$dir/secure.log" "$consoles/" 2>/dev/null || true
    fi
    rm -rf "$dir"
    exit "$1"
}
trap 'finish $?' EXIT
trap 'finish 129' HUP
trap 'finish 130' INT
trap 'finish 143' TERM

wrong() {
    printf 'run.sh: %s\n' "$*" >&2
    finish 2
}

quote() {
    printf "'"
    printf '%s.' "$1" | sed "s/'/'\\\\''/g; \$s/\\.\$//"
    printf "'"
}

put() {
    from=${1%:*}
    to=${1##*:}
    case $to in /*) ;; *) wrong "--put $1: no absolute path after the colon" ;; esac
    [ -e "$from" ] || wrong "--put: no such file or folder: $from"
    mkdir -p "$dir/tree$(dirname "$to")"
    cp -RL "$from" "$dir/tree$to"
}

mkdir -p "$dir/tree/job"
while [ $# -gt 0 ]; do
    case $1 in
        --put | --disk | --timeout | --consoles | --machine | --deps | --job) [ $# -ge 2 ] || wrong "$1 wants a value" ;;
    esac
    case $1 in
        --put) put "$2"; shift ;;
        --disk) disk=$2; shift ;;
        --timeout) timeout=$2; shift ;;
        --consoles) consoles=$2; shift ;;
        --machine) machine=$2; shift ;;
        --deps) deps=$2; shift ;;
        --job) job=$2; shift ;;
        --icount) icount=yes ;;
        --stdin) stdin=yes ;;
        --shell) shell=yes ;;
        --help) echo "$usage"; finish 0 ;;
        --) shift; break ;;
        *) wrong "$1? --help tells" ;;
    esac
    shift
done
case $timeout in '' | *[!0-9]*) wrong "--timeout $timeout: whole seconds, please" ;; esac
[ -n "$job$shell" ] || wrong "neither --job nor --shell; --help tells"
[ -z "$disk" ] || [ -f "$disk" ] || wrong "no such disk: $disk"
[ -z "$shell" ] || [ -t 0 ] || wrong "--shell needs a terminal"
[ -z "$job" ] || [ -f "$job" ] || wrong "no such job: $job"
for part in "$machine/flash.bin" "$machine/base.cpio" "$deps/kernel/vmlinuz"; do
    [ -f "$part" ] || wrong "no $part: 'make qemu-machine' makes it"
done

# What changes from run to run travels as an archive of its own; the kernel unpacks one after the other.
{
    printf 'set --'
    for argument; do
        printf ' '
        quote "$argument"
    done
    echo
} >"$dir/tree/job/arguments"
date +%s >"$dir/tree/job/date"
[ -z "$job" ] || cp "$job" "$dir/tree/job/script"
[ -z "$disk" ] || : >"$dir/tree/job/disk"
(cd "$dir/tree" && find . | cpio -o -H newc -R 0:0 --quiet) >"$dir/job.cpio"

# tb-size, MiB of translated code. QEMU finds such code by its virtual address: where programs are loaded to the same address each
# time (norandmaps, below), it is of use to the next one. TAs are not, and what is left of old ones makes QEMU slow: hence not more.
set -- -accel tcg,tb-size=128 -machine virt,acpi=off,secure=on,mte=off,gic-version=3,virtualization=false -cpu cortex-a57 -smp 1 -m 1057 \
    -display none -monitor none -nic none -no-reboot \
    -drive "if=pflash,unit=0,format=raw,file=$machine/flash.bin,readonly=on" \
    -kernel "$deps/kernel/vmlinuz" \
    -device "loader,file=$deps/kernel/vmlinuz,addr=$kernel_address,force-raw=on"
end=$((initrd_address))
# base.cpio is the first of them by name; the others go on top.
for archive in "$machine"/*.cpio "$dir/job.cpio"; do
    set -- "$@" -device "loader,file=$archive,addr=$end,force-raw=on"
    end=$((end + ($(stat -L -c %s "$archive") + 4095) / 4096 * 4096))
done
set -- "$@" -append "console=ttyAMA0 quiet norandmaps panic=-1 initrdmem=$initrd_address,$((end - initrd_address))"
# Written through: what the machine was told is on the disk stays there when it is switched off.
[ -z "$disk" ] || set -- "$@" -drive "if=none,id=disk,format=raw,cache=writethrough,file=$disk" -device virtio-blk-pci,drive=disk
[ -z "$icount" ] || set -- "$@" -icount shift=0,sleep=off

if [ -n "$shell" ]; then
    qemu-system-aarch64 "$@" -serial mon:stdio -serial "file:$dir/secure.log"
    finish 0
fi

# stdout and stderr go to files, which never make QEMU wait (a full pipe's data would be lost when it ends), and from
# there to ours. ioeventfd=off: a write has reached QEMU when the guest goes on, so nothing is lost at power-off.
: >"$dir/stdout"
: >"$dir/stderr"
: >"$dir/linux.log"
: >"$dir/secure.log"
set -- "$@" -serial "file:$dir/linux.log" -serial "file:$dir/secure.log" \
    -device virtio-serial-pci,ioeventfd=off \
    -chardev stdio,id=stdin,signal=off -device virtserialport,chardev=stdin,name=stdin
for port in stdout stderr status; do
    set -- "$@" -chardev "file,id=$port,path=$dir/$port" -device "virtserialport,chardev=$port,name=$port"
done

input=/dev/null
if [ -n "$stdin" ]; then
    # Not ours directly: QEMU changes the modes of what it reads from.
    input=$dir/stdin
    mkfifo "$input"
    exec 3<&0
    cat <&3 >"$input" &
    reader=$!
fi
# What OP-TEE says when it is at its end; TF-A's words, when the machine is switched off, are others.
tee_panicked() {
    grep -q "^E/TC.* Panic '" "$dir/secure.log"
}

timeout -k 5 "$timeout" qemu-system-aarch64 "$@" <"$input" >"$dir/qemu.log" 2>&1 &
qemu=$!
tail -c +1 -s 0.1 -f --pid="$qemu" "$dir/stdout" &
out=$!
tail -c +1 -s 0.1 -f --pid="$qemu" "$dir/stderr" >&2 &
err=$!
# Linux would wait for it until the time is over.
while kill -0 "$qemu" 2>/dev/null && sleep 0.2; do
    ! tee_panicked || kill "$qemu" 2>/dev/null || true
done
ended=0
wait "$qemu" || ended=$?
qemu=
wait "$out" "$err" || true

status=$(cat "$dir/status" 2>/dev/null || true)
if [ -n "$status" ]; then
    finish "$status"
fi

{
    if [ "$ended" -eq 124 ] || [ "$ended" -eq 137 ]; then
        echo "run.sh: not done after $timeout seconds; the machine was switched off"
        ended=124
    else
        ! tee_panicked || echo "run.sh: OP-TEE panicked, and the machine was switched off"
        echo "run.sh: the machine went down before the job ended (QEMU's exit status: $ended)"
        ended=125
    fi
    for log in qemu linux secure; do
        [ -s "$dir/$log.log" ] || continue
        echo "--- the last lines of $log"
        tail -n 15 "$dir/$log.log" | tr -d '\r'
    done
    echo "---"
} >&2
finish "$ended"
