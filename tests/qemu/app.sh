#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# app.sh BUILD DEPS APP FLAGS [ARG...]: runs `luatee run --tee=optee FLAGS APP ARG...` on real OP-TEE in the machine
# in QEMU, with our standard input, output and error, and exits with its status. BUILD is make's output folder. Give
# `.` a name: the app's folder keeps its own.
set -eu

here=$(dirname "$0")
if [ $# -lt 3 ] || [ -z "$3" ]; then
    echo "which app? make qemu-run APP=dir" >&2
    exit 2
fi
build=$1
deps=$2
[ -d "$3" ] || { echo "app.sh: no such folder: $3" >&2; exit 2; }
app=$(cd "$3" && pwd)
flags=${4:-}
shift 3
[ $# -eq 0 ] || shift

job=$(mktemp)
trap 'rm -f "$job"' EXIT
trap 'exit 130' INT TERM HUP
cat >"$job" <<'JOB'
app=$1
flags=$2
shift 2
exec luatee run --tee=optee $flags "$app" "$@"
JOB
status=0
"$here/run.sh" --machine "$build/qemu" --deps "$deps" --stdin --put "$app:/root/${app##*/}" --job "$job" \
    -- "${app##*/}" "$flags" "$@" || status=$?
exit "$status"
