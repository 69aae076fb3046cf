#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs test suites and sums up: run.sh [sim] [qemu], or run.sh quick
#
# A suite has one part or more, which are found by their names: each unit test, each tests/cli/test_*.sh, each
# tests/lua/host/suite_*.lua is a part. A part is a command that prints "N passed, N failed[, N skipped]", or is a cmocka program,
# once or more. A part that dies, hangs or prints no count is a failure. As many lanes as there are processors take the parts
# one after the other; beside them run the machines in QEMU. A part has a log and a storage of its own.
# Prints one line a suite, always in the same order, then the logs of the parts that failed, and the sum last.
# `make check` calls this, after everything was built, with MAKE, O and DEPS set.
set -u

cd "$(dirname "$0")/.." || exit 1
: "${MAKE:=make}" "${O:=build}" "${DEPS:=build/deps}" "${LANES:=$(nproc)}"
export MAKE O DEPS

# These only end a hang: of one part, and of a boot with all of its suites. Lines shown of a log.
part_seconds=3600
boot_seconds=7200
shown_lines=200

. tests/lua/suites.sh

# NIST's, as a Debian package unpacks.
vectors=$DEPS/root/usr/lib/python3/dist-packages/cryptography_vectors

logs=$O/tests/logs
mkdir -p "$logs"
total_passed=0
total_failed=0
total_skipped=0

# --- results ------------------------------------------------------------------------------------------------------------

# Prints "PASSED FAILED SKIPPED" of all closing lines in some files; nothing when there is none.
count() {
    awk '
        /^[0-9]+ passed, [0-9]+ failed/ { p += $1; f += $3; if ($5 != "") s += $5; seen = 1 }
        /^\[  PASSED  \] [0-9]+ test\(s\)/ { p += $4; seen = 1 }
        /^\[  FAILED  \] [0-9]+ test\(s\)/ { f += $4 }
        /^\[  SKIPPED \] [0-9]+ test\(s\)/ { s += $4 }
        END { if (seen) print p + 0, f + 0, s + 0 }' "$@"
}

# Begins the sum of a suite: its name.
begin_suite() {
    suite=$1
    suite_passed=0 suite_failed=0 suite_skipped=0 suite_time=0 suite_note='' suite_logs=''
}

# Adds a part to the suite: its name, its log (LOG.stderr is beside it), its exit status, its seconds.
add_part() {
    [ -e "$2.stderr" ] || : >"$2.stderr"
    numbers=$(count "$2" "$2.stderr")
    passed=${numbers%% *}
    skipped=${numbers##* }
    failed=${numbers#* }
    failed=${failed% *}
    if [ -z "$numbers" ]; then
        passed=0 failed=1 skipped=0
        suite_note="$suite_note ($1: no count, exit status $3)"
    elif [ "$3" -ne 0 ] && [ "$failed" -eq 0 ]; then
        failed=1
        suite_note="$suite_note ($1: exit status $3)"
    fi
    [ "$3" -ne 124 ] || suite_note="$suite_note ($1: hangs)"
    [ "$failed" -eq 0 ] || suite_logs="$suite_logs $2"
    suite_passed=$((suite_passed + passed))
    suite_failed=$((suite_failed + failed))
    suite_skipped=$((suite_skipped + skipped))
    suite_time=$((suite_time + $4))
}

end_suite() {
    [ "$suite_skipped" -eq 0 ] || suite_note=", $suite_skipped skipped$suite_note"
    printf '%-22s %5d passed, %d failed%s  %d s\n' "$suite" "$suite_passed" "$suite_failed" "$suite_note" "$suite_time"
    for log in $suite_logs; do
        echo "--- $log, its last $shown_lines lines at most"
        tail -n "$shown_lines" "$log"
        [ ! -s "$log.stderr" ] || echo "--- and on stderr"
        tail -n "$shown_lines" "$log.stderr"
        echo "---"
    done
    total_passed=$((total_passed + suite_passed))
    total_failed=$((total_failed + suite_failed))
    total_skipped=$((total_skipped + suite_skipped))
}

# --- the simulator's side -----------------------------------------------------------------------------------------------

# The parts of suites that exist once for each build: BUILD SUITE PART, a line each. The longest suites come first, so that no
# lane is left alone at the end.
parts_of_build() {
    for test in tests/cli/test_*.sh; do
        test=${test##*/test_}
        echo "$1 cli ${test%.sh}"
    done
    find tests/unit -name '*_test.c' | sort | sed "s,^tests/unit/\(.*\)\.c\$,$1 unit \1,"
    for test in tests/lua/host/suite_*.lua; do
        test=${test##*/suite_}
        echo "$1 lua ${test%.lua}"
    done
    lua_suites tests/lua | sed -n "s/^lua-.*/$1 & -/p"
    for script in tests/package/*.sh; do
        script=${script##*/}
        echo "$1 packages ${script%.sh}"
    done
}

# The fuzzers are built with the sanitizers alone.
fuzz_parts() {
    for fuzzer in tests/fuzz/fuzz_*.c; do
        fuzzer=${fuzzer##*/fuzz_}
        echo "plain fuzz-corpus ${fuzzer%.c}"
    done
}

sim_parts() {
    parts_of_build asan
    parts_of_build plain
    # Samples: the deepest stacks, moved at every call, take minutes (CONTRIBUTING.md).
    for test in calls modules isolation functions sandbox import sessions cbor aead cipher text time; do
        echo "assert lua $test"
    done
    echo "assert lua-escape bytecode compiler unpack_overflow argument_overflow metatables environment gsub_bomb move_bomb sort_bomb \
        collisions huge_varargs weak_tables borrowed_functions"
    echo "assert lua-upstream -"
    fuzz_parts
    echo "plain luacheck -"
    # Every other script of tests/ that stands alone.
    for script in tests/suite_*.sh; do
        script=${script##*/suite_}
        echo "plain ${script%.sh} -"
    done
}

# The inner loop: what is most likely to see a mistake, in samples, in at most 3 minutes of one processor.
quick_parts() {
    parts_of_build quick | grep -v -e record_test -e number_test | grep -e ' unit core/' -e ' unit client/values' -e ' unit client/package' -e ' unit ta/' -e ' unit port/' \
        -e ' lua-escape' -e ' lua-cases' -e ' lua-upstream' -e ' cli \(run\|output\|errors\|commands\)$' \
        -e ' lua \(calls\|errors\|sandbox\|functions\|values\|refused\|modules\|sessions\|isolation\|host\|import\|cbor\)$'
    fuzz_parts
    echo "plain layers -"
}

# Samples: another build or another run tries everything.
samples() {
    export LUATEE_TESTS=few KILLS=20 ATTACK_STEP="$1" ATTACK_RACES=300 SESSION_ORDERS=pairs SESSION_MESSAGES=20000 VECTORS_STEP=20
}

# run_part BUILD SUITE PART...: what a part runs. Called in a process of its own.
run_part() {
    build=$1
    suite=$2
    shift 2
    case $build in
        plain) folder=$O numbers_last=200 ;;
        quick)
            folder=$O
            samples 101
            ;;
        asan)
            folder=$O/asan numbers_last=20
            # The plain build tries every bit and every race; here, that each way through the code is sound.
            samples 23
            # Under the sanitizers what is freed waits before it is used again: not for long, as a test measures memory.
            export ASAN_OPTIONS=quarantine_size_mb=1:thread_local_quarantine_size_kb=64
            ;;
        assert) folder=$O/assert ;;
    esac
    case $suite in
        unit) exec tests/unit/run.sh "$folder" "$@" ;;
        cli) exec env "LUATEE=$folder/bin/luatee" "OTHER_TA=$O/tests/other_version" "RELEASE_TA=$O/tests/release" tests/cli/run.sh "$@" ;;
        packages)
            case $folder in /*) ;; *) folder=$PWD/$folder ;; esac # these scripts run in a folder of their own
            exec env "LUATEE=$folder/bin/luatee" "EMBED=$folder/keys/embed" "tests/package/$1.sh"
            ;;
        fuzz-corpus) exec tests/fuzz/run.sh "$O/asan" "$@" ;;
        luacheck) exec "$MAKE" luacheck ;;
        lua | lua-*)
            [ "$*" != - ] || set --
            case $suite in
                lua-peer) set -- "$folder/tests/key_peer" ;;
                lua-vectors) set -- "$vectors" "${VECTORS_STEP:-1}" ;;
                lua-numbers) set -- 1 "$numbers_last" ;;
            esac
            exec "$folder/bin/luatee" run --tee=sim -u "$(lua_folder tests/lua "$suite")" "$@"
            ;;
        *) exec "tests/suite_$suite.sh" ;;
    esac
}

# Where the log of a part is: log_of BUILD SUITE PART...
log_of() {
    case $1 in plain) log=$logs/$2 ;; *) log=$logs/$2-$1 ;; esac
    [ "$3" = - ] || log=$log/$(echo "$3" | tr / -)
    log=$log.log
}

# Takes parts until none is left: a folder that can be made was made by no other lane.
lane() {
    trap 'kill "$child" 2>/dev/null; exit 143' TERM
    number=0
    while read -r part; do
        number=$((number + 1))
        mkdir "$work/taken/$number" 2>/dev/null || continue
        # shellcheck disable=SC2086 # BUILD SUITE PART...
        log_of $part
        mkdir -p "${log%/*}" "$work/state/$number"
        started=$(date +%s)
        status=0
        # shellcheck disable=SC2086
        LUATEE_SIM_STATE="$work/state/$number" timeout -k 10 "$part_seconds" tests/run.sh --part $part \
            >"$log" 2>"$log.stderr" </dev/null &
        child=$!
        wait "$child" || status=$?
        rm -rf "$work/state/$number"
        echo "$status $(($(date +%s) - started))" >"$log.ended"
    done <"$work/parts"
}

# Prints the sums of all suites in the list of parts, in the order in which the list names them first.
sum_up_parts() {
    awk '{ print $1, $2 }' "$work/parts" | awk '!seen[$0]++' >"$work/suites"
    while read -r build name <&3; do
        case $build in plain) begin_suite "$name" ;; *) begin_suite "$name-$build" ;; esac
        grep "^$build $name " "$work/parts" >"$work/of_suite"
        while read -r part; do
            # shellcheck disable=SC2086
            log_of $part
            status=1 seconds=0
            [ ! -e "$log.ended" ] || read -r status seconds <"$log.ended"
            add_part "${part#* * }" "$log" "$status" "$seconds"
        done <"$work/of_suite"
        end_suite
    done 3<"$work/suites"
}

# --- machines in QEMU ---------------------------------------------------------------------------------------------------

# Unit tests that run on OP-TEE as well: the TA from outside.
guest_tests() {
    for test in tests/unit/ta/*_test.c tests/unit/client/secret_test.c; do
        test=${test#tests/unit/}
        echo "unit:${test%.c}"
    done
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
        --put tests/qemu/xtest.sh:/tests/qemu/xtest.sh --put "$O/guest/tests/unit:/tests/unit" \
        --put "$O/guest/tests/key_peer:/tests/key_peer" \
        --put tests/unit/client/client_app:/tests/client_app --put "$O/tests/attack_app:/tests/attack_app" \
        --put "$config:/tests/config" --put "$O/tests/release/$uuid.ta:/tests/release/$uuid.ta" \
        --put "$O/tests/release/keys:/tests/release/keys" --put "$logs/digests:/tests/digests" --put "$logs/vectors.lua:/tests/vectors.lua" \
        -- "$@" >"$boot_log" 2>&1 </dev/null &
    child=$!
    wait "$child"
}

# Two machines share the suites, beside those of the simulator, which go first: their client and TA wait for each other.
first_boot="$(guest_tests) $(lua_suites tests/lua)"
second_boot='cli xtest'
# Alone: killing clients can make OP-TEE panic, see boot_for_kills.
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

# One part as a suite: sum_up NAME LOG STATUS SECONDS
sum_up() {
    begin_suite "$1"
    add_part "$1" "$2" "$3" "$4"
    end_suite
}

# Takes the output of a boot apart. sum_up_boot NAME SUITE...
sum_up_boot() {
    boot_log=$logs/$1.log
    shift
    for name; do
        log=$logs/qemu-$(echo "$name" | tr :/ --).log
        awk -v begin="=== $name" -v end="=== end of $name:" \
            'index($0, end) == 1 { on = 0 } on { print } $0 == begin { on = 1 }' "$boot_log" >"$log"
        ended=$(awk -v end="=== end of $name:" 'index($0, end) == 1 { print $5, $6 }' "$boot_log")
        if [ -z "$ended" ]; then
            # Indented, so that no count of another suite is taken for this one's.
            tail -n 60 "$boot_log" | sed 's/^/  | /' >>"$log"
            ended="1 0"
        fi
        sum_up "qemu-${name#unit:}" "$log" "${ended% *}" "${ended#* }"
    done
}

sum_up_machines() {
    # shellcheck disable=SC2086 # suites, one a word
    sum_up_boot first $first_boot
    # shellcheck disable=SC2086
    sum_up_boot second $second_boot
    # shellcheck disable=SC2086
    sum_up_boot kill $kill_boot
    read -r boots <"$logs/kill/boots"
    [ "$boots" -eq 1 ] || echo "(OP-TEE panicked when clients were killed, and was booted $boots times: see tests/run.sh)"
    status=0
    lua5.4 tests/qemu/secrets.lua "$logs/first.log" "$logs/first/linux.log" "$logs/first/secure.log" >"$logs/qemu-consoles.log" 2>&1 ||
        status=$?
    sum_up qemu-consoles "$logs/qemu-consoles.log" "$status" 0
    for name in power stretch; do
        read -r status seconds <"$logs/qemu-$name.ended"
        sum_up "qemu-$name" "$logs/qemu-$name.log" "$status" "$seconds"
    done
}

# --- all of it ----------------------------------------------------------------------------------------------------------

if [ "${1:-}" = --part ]; then
    shift
    run_part "$@"
fi

[ $# -gt 0 ] || set -- sim qemu
wanted=" $* "
work=$(mktemp -d "${TMPDIR:-/tmp}/luatee-check.XXXXXX") || exit 1
running=''
trap 'for process in $running; do kill "$process" 2>/dev/null || true; done; wait; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
mkdir "$work/taken" "$work/state"

: >"$work/parts"
case $wanted in *" sim "*) sim_parts >>"$work/parts" ;; esac
case $wanted in *" quick "*) quick_parts >>"$work/parts" ;; esac
awk '{ print }' "$work/parts" | while read -r part; do
    # shellcheck disable=SC2086
    log_of $part
    rm -f "$log" "$log.stderr" "$log.ended"
done

case $wanted in
    *" qemu "*)
        prepare_boots
        first_machine & running="$running $!"
        second_machine & running="$running $!"
        ;;
esac
for _ in $(seq "$LANES"); do
    lane & running="$running $!"
done
for process in $running; do wait "$process"; done
running=''

sum_up_parts
case $wanted in *" qemu "*) sum_up_machines ;; esac

[ "$total_skipped" -eq 0 ] || echo "$total_skipped skipped"
echo "$total_passed passed, $total_failed failed"
[ "$total_failed" -eq 0 ]
