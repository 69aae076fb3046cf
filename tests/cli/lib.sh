# SPDX-License-Identifier: BSD-2-Clause
# What the CLI tests share; sourced by run.sh. A test is a `begin NAME`, commands run by `run`, and checks of what they
# did; the first check that fails tells why, and the test counts as one failure.

passed=0
failed=0
skipped=0
name=
tab=$(printf '\t')

# Ends the test before, and begins the next.
begin() {
    finish
    name=$1
    why=
}

finish() {
    [ -n "$name" ] || return 0
    if [ -z "$why" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $file: $name: $why"
        sed 's/^/    stdout: /' "$work/out" | head -n 10
        sed 's/^/    stderr: /' "$work/err" | head -n 10
    fi
    name=
}

skip() {
    skipped=$((skipped + 1))
    echo "skipped: $1"
}

fail() {
    [ -n "$why" ] || why=$1
}

# Runs a command; its output and exit status are what the checks look at. What it is given on standard input is nothing,
# unless the caller redirects.
run() {
    status=0
    "$@" >"$work/out" 2>"$work/err" || status=$?
}

exits() {
    [ "$status" -eq "$1" ] || fail "exit status $status, expected $1"
}

# The whole of stdout: these lines, or nothing at all.
prints() {
    : >"$work/expected"
    [ $# -eq 0 ] || printf '%s\n' "$@" >"$work/expected"
    cmp -s "$work/expected" "$work/out" || fail "stdout is not: $*"
}

# stdout has a line that matches the basic regular expression.
prints_like() {
    grep -q -- "$1" "$work/out" || fail "nothing like \"$1\" on stdout"
}

# The one line on stderr that a person gets has each of these words. The simulator may say before who it is.
says() {
    grep -v '^luatee: no /dev/tee0: using the simulator' "$work/err" >"$work/said" || true
    lines=$(wc -l <"$work/said")
    [ "$lines" -eq 1 ] || fail "$lines lines on stderr, expected one"
    mentions "$@"
}

# stderr has each of these words, wherever.
mentions() {
    for words; do
        grep -qF -- "$words" "$work/err" || fail "no \"$words\" on stderr"
    done
}

# Nothing on stderr.
silent() {
    grep -v '^luatee: no /dev/tee0: using the simulator' "$work/err" >"$work/said" || true
    [ ! -s "$work/said" ] || fail "stderr is not empty"
}

# An app with nothing in it but a main.lua of this text: app NAME TEXT
app() {
    rm -rf "${work:?}/$1"
    mkdir -p "$work/$1/host" "$work/$1/ta"
    printf '%s\n' "$2" >"$work/$1/host/main.lua"
}

# A trusted script of an app: script APP NAME TEXT
script() {
    printf '%s\n' "$3" >"$work/$1/ta/$2.lua"
}

luatee() {
    "$LUATEE" "$@"
}

# For tests to which it does not matter how scripts come: the signatures of packages are half of a session on OP-TEE in
# QEMU.
quick=
[ "$BACKEND" = sim ] || quick=-u

# A copy of an example as an app of its own, packed for the TA that is tested: example NAME SEQUENCE makes cli_NAME. The
# sequence is one that no older run of the tests has passed, as the storage of a real TEE outlives them.
example() {
    rm -rf "${work:?}/cli_$1"
    cp -R "$(dirname "$EXAMPLE")/$1" "$work/cli_$1"
    rm -f "$work/cli_$1"/*.luata "$work/cli_$1"/ta/*.luata
    sed -i "s/name = \"$1\"/name = \"cli_$1\"/; s/^    sequence = .*/    sequence = $2,/" "$work/cli_$1/manifest.lua"
    pack_example "$1"
}

pack_example() {
    env ${builder_config:+"LUATEE_CONFIG=$builder_config"} "$LUATEE" pack "$work/cli_$1" >"$work/pack.out" 2>&1 ||
        fail "cannot pack: $(cat "$work/pack.out")"
}

# Waits until a command fails. Returns 1 after ten minutes, which only a hang lasts.
until_not() {
    polls=0
    while "$@"; do
        [ "$polls" -lt 6000 ] || return 1
        polls=$((polls + 1))
        sleep 0.1
    done
}

# When to kill a client in the middle of what takes some milliseconds: near where the kill before was neither too early nor
# too late, as far as the shell can tell, however fast the machine is just then; every third one anywhere.
aim_kills() {
    kill_whole=$1
    kill_aim=$((kill_whole / 2))
}

killed_early() {
    kill_aim=$((kill_aim + kill_whole / 8 + 1))
}

killed_late() {
    kill_aim=$((kill_aim > kill_whole / 8 ? kill_aim - kill_whole / 8 : 0))
}

# wait_for_kill NUMBER: numbers that look random come from the number of the kill
wait_for_kill() {
    kill_at=$((kill_aim + ($1 * 37 % 101 - 50) * kill_whole / 400))
    [ $(($1 % 3)) -ne 0 ] || kill_at=$(($1 * 37 % 101 * kill_whole / 100))
    [ "$kill_at" -ge 0 ] || kill_at=0
    sleep "$((kill_at / 1000)).$(printf '%03d' $((kill_at % 1000)))"
}

# The files of what the TA has stored, an object each. OP-TEE has a list of them, and two objects of its own, the first.
stored_files() {
    if [ "$BACKEND" = sim ]; then
        find "$LUATEE_SIM_STATE" -type f -path '*/o.*'
    else
        find "$optee_storage" -type f ! -name dirf.db ! -name 0 ! -name 1
    fi
}
optee_storage=/var/lib/optee-client/data/tee

# The same, a line each: the digest of what is in the file, and its path.
objects() {
    stored_files | sort | xargs sha256sum
}

# Changes the last bit of a file. Of an OP-TEE's, where that may be of no use any more, every byte.
damage() {
    size=$(wc -c <"$1")
    if [ "$BACKEND" != sim ]; then
        dd if=/dev/urandom of="$1" bs="$size" count=1 conv=notrunc 2>/dev/null
        return
    fi
    last=$(tail -c 1 "$1" | od -An -v -tu1 | tr -d ' ')
    # shellcheck disable=SC2059 # an octal escape
    printf "\\$(printf %03o $((last ^ 1)))" | dd of="$1" bs=1 seek=$((size - 1)) conv=notrunc 2>/dev/null
}

# Every byte of a file's last quarter, which of a large object is not read when it is opened.
damage_end() {
    size=$(wc -c <"$1")
    dd if=/dev/urandom of="$1" bs=1 seek=$((size - size / 4)) count=$((size / 4)) conv=notrunc 2>/dev/null
}

# Damages the objects that are new or different since `objects >FILE`: damage_since FILE [end]
damage_since() {
    objects | awk -v before="$1" 'BEGIN { while ((getline line <before) > 0) known[line] } !($0 in known)' |
        cut -c 67- >"$work/changed"
    [ -s "$work/changed" ] || fail "no object has changed"
    while IFS= read -r path; do
        if [ "${2:-}" = end ]; then damage_end "$path"; else damage "$path"; fi
    done <"$work/changed"
}
