#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs test suites and sums up: run.sh [sim] [qemu]
# Each suite is a command that prints "N passed, N failed[, N skipped]", or is a cmocka program, once or more. One that
# dies, is not done in time, or prints no count, is a failure. One line a suite; the output of a suite that fails; the
# sum comes last. `make check` calls this, after everything was built, with MAKE, O, DEPS and ASAN_FLAGS set.
set -u

cd "$(dirname "$0")/.." || exit 1
: "${MAKE:=make}" "${O:=build}" "${DEPS:=build/deps}" "${ASAN_FLAGS:=-fsanitize=address,undefined}"

# Longest time of one suite, and of the boot with all of them; lines shown of one that fails.
suite_seconds=1200
boot_seconds=3000
shown_lines=200

# NIST's, as a Debian package unpacks.
vectors=$DEPS/root/usr/lib/python3/dist-packages/cryptography_vectors

logs=$O/tests/logs
mkdir -p "$logs"
total_passed=0
total_failed=0
total_skipped=0

# Prints "PASSED FAILED SKIPPED" of all closing lines in some files; nothing when there is none.
count() {
    awk '
        /^[0-9]+ passed, [0-9]+ failed/ { p += $1; f += $3; if ($5 != "") s += $5; seen = 1 }
        /^\[  PASSED  \] [0-9]+ test\(s\)/ { p += $4; seen = 1 }
        /^\[  FAILED  \] [0-9]+ test\(s\)/ { f += $4 }
        /^\[  SKIPPED \] [0-9]+ test\(s\)/ { s += $4 }
        END { if (seen) print p + 0, f + 0, s + 0 }' "$@"
}

# Takes a suite into the sum: its name, its log (and what it said on stderr, beside it), its exit status, its seconds.
sum_up() {
    [ -e "$2.stderr" ] || : >"$2.stderr"
    numbers=$(count "$2" "$2.stderr")
    passed=${numbers%% *}
    skipped=${numbers##* }
    failed=${numbers#* }
    failed=${failed% *}
    note=
    if [ -z "$numbers" ]; then
        passed=0 failed=1 skipped=0
        note=" (no count: exit status $3)"
    elif [ "$3" -ne 0 ] && [ "$failed" -eq 0 ]; then
        failed=1
        note=" (exit status $3)"
    fi
    [ "$3" -ne 124 ] || note=" (not done after $suite_seconds s)"
    [ "$skipped" -eq 0 ] || note=", $skipped skipped$note"
    printf '%-22s %5d passed, %d failed%s  %d s\n' "$1" "$passed" "$failed" "$note" "$4"
    if [ "$failed" -gt 0 ]; then
        echo "--- $2, its last $shown_lines lines at most"
        tail -n "$shown_lines" "$2"
        [ ! -s "$2.stderr" ] || echo "--- and on stderr"
        tail -n "$shown_lines" "$2.stderr"
        echo "---"
    fi
    total_passed=$((total_passed + passed))
    total_failed=$((total_failed + failed))
    total_skipped=$((total_skipped + skipped))
}

# suite NAME COMMAND...
suite() {
    name=$1
    shift
    started=$(date +%s)
    status=0
    timeout -k 10 "$suite_seconds" "$@" >"$logs/$name.log" 2>"$logs/$name.log.stderr" </dev/null || status=$?
    sum_up "$name" "$logs/$name.log" "$status" $(($(date +%s) - started))
}

lua_suite() {
    name=$1
    folder=$2
    shift 2
    state=$(mktemp -d "${TMPDIR:-/tmp}/luatee-state.XXXXXX")
    suite "$name" env "LUATEE_SIM_STATE=$state" "$folder/bin/luatee" run --tee=sim -u "$@"
    rm -rf "$state"
}

# One build of the simulator's side: name suffix, folder, last block of the numbers test, then what make is to be given.
sim_suites() {
    suffix=$1
    folder=$2
    numbers_last=$3
    shift 3
    suite "unit$suffix" "$MAKE" "$@" unit-tests
    suite "packages$suffix" "$MAKE" "$@" package-tests
    suite "cli$suffix" env "LUATEE=$folder/bin/luatee" "OTHER_TA=$O/tests/other_version" \
        "RELEASE_TA=$O/tests/release" tests/cli/run.sh
    lua_suite "lua$suffix" "$folder" tests/lua
    lua_suite "lua-escape$suffix" "$folder" tests/lua/escape
    lua_suite "lua-cases$suffix" "$folder" tests/lua/cases
    lua_suite "lua-upstream$suffix" "$folder" tests/lua/upstream
    lua_suite "lua-peer$suffix" "$folder" tests/lua/peer "$folder/tests/key_peer"
    lua_suite "lua-vectors$suffix" "$folder" tests/lua/vectors "$vectors" "${VECTORS_STEP:-1}"
    lua_suite "lua-numbers$suffix" "$folder" tests/lua/numbers 1 "$numbers_last"
}

sim() {
    suite fuzz-corpus "$MAKE" "O=$O" fuzz-corpus
    suite luacheck "$MAKE" luacheck
    suite install tests/install.sh
    suite front tests/front.sh
    suite artefacts env "O=$O" tests/artefacts.sh
    suite build-flags env "MAKE=$MAKE" tests/build_flags.sh
    suite deps tests/deps.sh
    suite lua-patch tests/lua_patch.sh
    sim_suites "" "$O" 200 "O=$O"
    # Samples: the deepest stacks, moved at every call, take minutes (CONTRIBUTING.md).
    lua_suite lua-assert "$O/assert" tests/lua calls modules isolation functions sandbox import sessions cbor aead cipher text time
    lua_suite lua-escape-assert "$O/assert" tests/lua/escape bytecode compiler unpack_overflow argument_overflow metatables \
        environment gsub_bomb move_bomb sort_bomb collisions huge_varargs weak_tables borrowed_functions
    lua_suite lua-upstream-assert "$O/assert" tests/lua/upstream
    # Every bit and every race was tried just before; here, that each way through the code is sound.
    export LUATEE_TESTS=few KILLS=20 ATTACK_STEP=23 ATTACK_RACES=300 SESSION_ORDERS=pairs VECTORS_STEP=20
    # Under the sanitizers what is freed waits before it is used again: not for long, as a test measures memory.
    export ASAN_OPTIONS=quarantine_size_mb=1:thread_local_quarantine_size_kb=64
    # shellcheck disable=SC2086 # make's variables, one a word
    sim_suites -asan "$O/asan" 20 "O=$O/asan" CC=clang ALLOC=malloc "EXTRA_CFLAGS=$ASAN_FLAGS" "EXTRA_LDFLAGS=$ASAN_FLAGS"
}

# One boot of the machine in QEMU, for some suites. The job marks where each suite's output begins, and ends, with its exit
# status. boot NAME SUITE...
boot() {
    name=$1
    boot_log=$logs/$name.log
    shift
    config=${LUATEE_CONFIG:-${XDG_CONFIG_HOME:-$HOME/.config}/luatee}
    uuid=$(sed -n 's/^#define LUATEE_TA_UUID_TEXT "\(.*\)"/\1/p' abi/uuid.h)
    nice -n 5 tests/qemu/run.sh --consoles "$logs/$name" --machine "$O/qemu" --deps "$DEPS" --timeout "$boot_seconds" --job tests/guest.sh \
        --put examples:/examples --put tests/lua:/tests/lua --put tests/cli:/tests/cli --put docs:/docs --put share:/share \
        --put tests/qemu/xtest.sh:/tests/qemu/xtest.sh --put "$O/guest/tests/unit/ta/session_test:/tests/session_test" \
        --put "$O/guest/tests/key_peer:/tests/key_peer" \
        --put "$O/guest/tests/unit/client/secret_test:/tests/client_secret_test" --put tests/unit/client/client_app:/tests/client_app \
        --put "$O/guest/tests/unit/ta/package_attack_test:/tests/package_attack_test" --put "$O/tests/attack_app:/tests/attack_app" \
        --put "$config:/tests/config" --put "$O/tests/release/$uuid.ta:/tests/release/$uuid.ta" \
        --put "$O/tests/release/keys:/tests/release/keys" --put "$logs/digests:/tests/digests" --put "$logs/vectors.lua:/tests/vectors.lua" \
        -- "$@" >"$boot_log" 2>&1 </dev/null &
    child=$!
    wait "$child"
}

# Two machines share the suites, beside those of the simulator, which go first: their client and TA wait for each other.
first_boot='session attacks secret lua lua-escape lua-cases lua-upstream lua-peer lua-vectors lua-numbers'
second_boot='cli xtest'
kill_boot='cli-kill'

# What the machines take with them.
prepare_boots() {
    # What the machine's numbers must be is worked out here, where it takes a second and not minutes; and vectors are read here.
    lua5.4 tests/lua/numbers/host/main.lua digests >"$logs/digests"
    lua5.4 tests/lua/vectors/host/main.lua write "$vectors" 97 >"$logs/vectors.lua"
    # Packed here for the TA that was built here; the machine packs more itself, with the same development keys.
    "$O/bin/luatee" pack tests/unit/ta/attack_app --out "$O/tests/attack_app" >"$logs/attack_app.log" 2>&1
}

# A suite that boots machines of its own: boot_of NAME COMMAND...
boot_of() {
    name=$1
    shift
    started=$(date +%s)
    status=0
    nice -n 5 "$@" >"$logs/qemu-$name.log" 2>&1 </dev/null &
    child=$!
    wait "$child" || status=$?
    echo "$status $(($(date +%s) - started))" >"$logs/qemu-$name.ended"
}

# The first machine, then the boots that end with a power cut, and the one that counts instructions.
first_machine() {
    trap 'kill "$child" 2>/dev/null; exit 143' TERM
    # shellcheck disable=SC2086 # suites, one a word
    boot first $first_boot
    boot_of power tests/qemu/power.sh "$O/qemu" "$DEPS" "$O/bin/luatee"
    # A sample: every input that `make stretch` measures takes a second and more.
    boot_of stretch "$MAKE" "O=$O" stretch STRETCH=1/8
}

# OP-TEE 4.5 panics as a whole when a client is killed while it looks for a new object's name: set_name in tee_ree_fs.c goes on
# after an error, to address 0xc0. Nothing in luatee can keep that from happening, and it says nothing about luatee: once more then.
boot_for_kills() {
    boots=1
    boot kill "$@"
    while [ "$boots" -lt 4 ] && grep -q 'Core data-abort at address 0xc0' "$logs/kill/secure.log"; do
        boots=$((boots + 1))
        boot kill "$@"
    done
    echo "$boots" >"$logs/kill/boots"
}

second_machine() {
    trap 'kill "$child" 2>/dev/null; exit 143' TERM
    # shellcheck disable=SC2086 # suites, one a word
    boot second $second_boot
    # shellcheck disable=SC2086
    boot_for_kills $kill_boot
}

# Takes the output of a boot apart. sum_up_boot NAME SUITE...
sum_up_boot() {
    boot_log=$logs/$1.log
    shift
    for name; do
        log=$logs/qemu-$name.log
        awk -v begin="=== $name" -v end="=== end of $name:" \
            'index($0, end) == 1 { on = 0 } on { print } $0 == begin { on = 1 }' "$boot_log" >"$log"
        ended=$(awk -v end="=== end of $name:" 'index($0, end) == 1 { print $5, $6 }' "$boot_log")
        if [ -z "$ended" ]; then
            # Indented, so that no count of another suite is taken for this one's.
            tail -n 60 "$boot_log" | sed 's/^/  | /' >>"$log"
            ended="1 0"
        fi
        sum_up "qemu-$name" "$log" "${ended% *}" "${ended#* }"
    done
}

[ $# -gt 0 ] || set -- sim qemu
parts=" $* "
first='' second=''
trap 'for machine in $first $second; do kill "$machine" 2>/dev/null || true; done' EXIT
trap 'exit 130' INT TERM HUP

case $parts in
    *" qemu "*)
        prepare_boots
        first_machine & first=$!
        second_machine & second=$!
        ;;
esac
case $parts in *" sim "*) sim ;; esac
if [ -n "$first" ]; then
    wait "$first"
    first=
    wait "$second"
    second=
    # shellcheck disable=SC2086 # suites, one a word
    sum_up_boot first $first_boot
    # shellcheck disable=SC2086
    sum_up_boot second $second_boot
    # shellcheck disable=SC2086
    sum_up_boot kill $kill_boot
    read -r boots <"$logs/kill/boots"
    [ "$boots" -eq 1 ] || echo "(OP-TEE panicked when clients were killed, and was booted $boots times: see tests/run.sh)"
    suite qemu-consoles lua5.4 tests/qemu/secrets.lua "$logs/first.log" "$logs/first/linux.log" "$logs/first/secure.log"
    for name in power stretch; do
        read -r status seconds <"$logs/qemu-$name.ended"
        sum_up "qemu-$name" "$logs/qemu-$name.log" "$status" "$seconds"
    done
fi

[ "$total_skipped" -eq 0 ] || echo "$total_skipped skipped"
echo "$total_passed passed, $total_failed failed"
[ "$total_failed" -eq 0 ]
