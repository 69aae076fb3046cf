# SPDX-License-Identifier: BSD-2-Clause
# Scripts in secure storage: luatee store, and -s.

store() {
    verb=$1
    shift
    run luatee store "$verb" -u "--tee=$BACKEND" "$@"
}

stored() {
    run luatee run "--tee=$BACKEND" -s -u "$@"
}

# What the tests use, and remove at their end: the storage of a real TEE outlives them.
fresh() {
    app cli_store 'return TA_call(...)'
    script cli_store one 'return "one"'
    script cli_store two 'return "two", ...'
    luatee store -u remove "--tee=$BACKEND" "$work/cli_store" >"$work/out" 2>"$work/err" || true
}

if [ "$BACKEND" = sim ]; then
    begin "the simulator has no place for its storage"
    fresh
    for state in /dev/null /dev/null/below; do
        run env LUATEE_SIM_STATE="$state" "$LUATEE" run --tee=sim -su "$work/cli_store" one
        exits 1
        mentions "simulator" "$state" LUATEE_SIM_STATE
        ! grep -q supplicant "$work/err" || fail "the simulator has no tee-supplicant"
    done
fi

begin "nothing is stored at first"
fresh
store list "$work/cli_store"
exits 0
! grep -q 'one\|two' "$work/out" || fail "scripts are listed"

begin "add all scripts of an app"
store add "$work/cli_store"
exits 0
store list "$work/cli_store"
exits 0
prints_like one
prints_like two
silent

begin "an app of which there is nothing to store"
app cli_nothing 'return 1'
script cli_nothing one 'return 1'
run luatee store "--tee=$BACKEND" add "$work/cli_nothing"
exits 2
mentions "no packages to store" "luatee pack"

begin "stored scripts run"
stored "$work/cli_store" two 5
exits 0
prints "two${tab}5"

begin "a short script takes the place of a long one, and a long one of a short one"
for size in 60000 1 9000 60001 2; do
    script cli_store one "return #'$(printf "%${size}s" x)'"
    store add "$work/cli_store" one
    exits 0
    stored "$work/cli_store" one
    exits 0
    prints "$size"
done
fresh
store add "$work/cli_store"
exits 0

begin "a stored script runs though the app's folder has none"
rm -r "$work/cli_store/ta"
stored "$work/cli_store" one
exits 0
prints one

begin "the store keeps scripts by app: another app does not see them"
app cli_other 'return pcall(TA_call, "one")'
rm -r "$work/cli_other/ta"
stored "$work/cli_other"
exits 0
prints_like '^false.*one'

begin "-s stores what is new"
mkdir -p "$work/cli_store/ta"
script cli_store three 'return "three"'
stored "$work/cli_store" three
exits 0
prints three
store list "$work/cli_store"
prints_like three

begin "-s stores what changed"
script cli_store three 'return "three, changed"'
stored "$work/cli_store" three
exits 0
prints "three, changed"

begin "without -s, what is sent runs, and not what is stored"
script cli_store three 'return "three, sent"'
run luatee run "--tee=$BACKEND" -u "$work/cli_store" three
prints "three, sent"
rm "$work/cli_store/ta/three.lua"
stored "$work/cli_store" three
prints "three, changed"

begin "a stored script calls and requires stored scripts"
script cli_store caller 'return internal_TA_call("one"), require("module").x'
script cli_store module 'return {x = 5}'
stored "$work/cli_store" caller
exits 0
prints "one${tab}5"
rm "$work/cli_store/ta/caller.lua" "$work/cli_store/ta/module.lua"
stored "$work/cli_store" caller
prints "one${tab}5"

begin "remove"
store remove "$work/cli_store" three caller module
exits 0
store list "$work/cli_store"
! grep -q three "$work/out" || fail "three is still there"
prints_like one

begin "a removed script does not run"
stored "$work/cli_store" three
exits 1
mentions three

begin "remove a script that is not there"
store remove "$work/cli_store" never_there
[ "$status" -ne 0 ] || fail "exit status 0"
says never_there

begin "add one script by its name"
script cli_store three 'return 3'
script cli_store four 'return 4'
store add "$work/cli_store" three
exits 0
store list "$work/cli_store"
prints_like three
! grep -q four "$work/out" || fail "four was stored, too"

begin "add a script that is not there"
store add "$work/cli_store" nowhere
[ "$status" -ne 0 ] || fail "exit status 0"
says nowhere

begin "store without an app"
run luatee store -u list "--tee=$BACKEND"
exits 2
run luatee store
exits 2
run luatee store frobnicate "$work/cli_store"
exits 2
mentions list add remove

begin "a name that breaks the rule"
store add "$work/cli_store" ../one
[ "$status" -ne 0 ] || fail "exit status 0"
prints

begin "a script with a syntax error: stored or not, it says so when it runs"
script cli_store broken 'x = = 1'
stored "$work/cli_store" broken
exits 1
mentions "ta/broken.lua:1:"
rm "$work/cli_store/ta/broken.lua"

begin "a script of a megabyte"
awk 'BEGIN { for (i = 0; i < 14500; i++) print "-- sixty-nine characters of comment, so that this script is large" }' \
    >"$work/cli_store/ta/large.lua"
echo 'return "large"' >>"$work/cli_store/ta/large.lua"
stored "$work/cli_store" large
exits 0
prints large
rm "$work/cli_store/ta/large.lua"
stored "$work/cli_store" large
prints large

begin "many scripts"
many=60
[ "$BACKEND" = sim ] || many=12 # a store of a second each
i=0
while [ $i -lt $many ]; do
    script cli_store "many_$i" "return $i"
    i=$((i + 1))
done
stored "$work/cli_store" many_11
exits 0
prints 11
store list "$work/cli_store"
[ "$(grep -c many_ "$work/out")" -eq $many ] || fail "$(grep -c many_ "$work/out") of $many are listed"

begin "sessions that store and run the same script at the same time wait for each other"
app cli_store_busy 'return TA_call("shared")'
script cli_store_busy shared 'return "whole"'
luatee store -u add "--tee=$BACKEND" "$work/cli_store_busy" >/dev/null 2>&1
workers='1 2 3 4' rounds=15
[ "$BACKEND" = sim ] || workers='1 2' rounds=3
for worker in $workers; do
    (
        for round in $(seq "$rounds"); do
            if [ $((worker % 2)) -eq 0 ]; then
                luatee run "--tee=$BACKEND" -s -u "$work/cli_store_busy"
            else
                luatee store -u add "--tee=$BACKEND" "$work/cli_store_busy" >/dev/null && echo whole
            fi
        done >"$work/busy_$worker" 2>&1
    ) &
done
wait
for worker in $workers; do
    [ "$(grep -cx whole "$work/busy_$worker")" -eq "$rounds" ] ||
        fail "worker $worker: $(grep -vx whole "$work/busy_$worker")"
done
luatee store -u remove "--tee=$BACKEND" "$work/cli_store_busy" shared >/dev/null 2>&1

# Leaves nothing behind.
begin "remove without names: all is gone"
store remove "$work/cli_store"
exits 0
store list "$work/cli_store"
exits 0
prints

if [ "$BACKEND" = sim ]; then
    begin "what a <close> variable of a refused call yields, it gets"
    app cli_refused 'print(pcall(TA_call, "main"))'
    script cli_refused bytecode "$(printf '\033Lua')"
    script cli_refused main '
        local x <close> = setmetatable({}, {__close = function()
            local co = coroutine.wrap(function() coroutine.yield("one") coroutine.yield("two") end)
            print(co(), co())
        end})
        require "bytecode"'
    stored "$work/cli_refused"
    exits 0
    grep -q bytecode "$work/out" || fail "it was not refused: $(cat "$work/out")"
    grep -q "one${tab}two" "$work/out" "$work/err" || fail "not both: $(cat "$work/out" "$work/err")"
fi
