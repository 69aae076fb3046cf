# SPDX-License-Identifier: BSD-2-Clause
# kill -9 of `luatee run -s` while it brings another bundle into secure storage: either set runs afterwards, as a whole.
# On OP-TEE alone: killing clients can make OP-TEE panic as a whole (tests/run.sh).

LUATEE_CONFIG=$builder_config
[ -n "$LUATEE_CONFIG" ] && export LUATEE_CONFIG || unset LUATEE_CONFIG

# The same app packed twice; its scripts know which of the two they are, and are long enough to be caught in between.
filler=$(awk 'BEGIN { while (length(s) < 10000) s = s "-- filler\n"; print s }')
for version in first second; do
    app cli_bundle 'return TA_call("one"), TA_call("two")'
    for kept in one two; do
        script cli_bundle "$kept" "return '$version'
$filler"
    done
    mkdir -p "$work/$version"
    rm -rf "$work/$version/cli_bundle"
    mv "$work/cli_bundle" "$work/$version/"
    luatee pack "$work/$version/cli_bundle" >"$work/out" 2>&1
done
mkdir -p "$work/reader/cli_bundle"
cp -R "$work/first/cli_bundle/host" "$work/reader/cli_bundle/"

# Which set runs. The TA of a client that was killed may still be at the last command that it got: then, once more.
set_runs() {
    run luatee run "--tee=$BACKEND" -s "$work/reader/cli_bundle"
    [ "$status" -eq 0 ]
}
running_set() {
    tries=0
    until set_runs || [ "$tries" -eq 20 ]; do
        tries=$((tries + 1))
        sleep 0.2
    done
    [ "$status" -eq 0 ] || fail "no whole set runs: $(head -n 1 "$work/err")"
}

begin "a whole set is stored"
run luatee run "--tee=$BACKEND" -s "$work/second/cli_bundle"
exits 0
prints "second${tab}second"

started=$(awk '{ printf "%d", $1 * 100 }' /proc/uptime)
for version in first second; do
    luatee run "--tee=$BACKEND" -s "$work/$version/cli_bundle" >/dev/null 2>&1
done
ended=$(awk '{ printf "%d", $1 * 100 }' /proc/uptime)
whole_ms=$(((ended - started) * 10 / 2 + 1))

# On OP-TEE in QEMU one replacement takes seconds.
replacements=$KILLS
[ "$BACKEND" = sim ] || replacements=$(((KILLS + 4) / 5))

begin "kill -9 in a loop of $replacements replacements"
old=0
new=0
i=1
aim_kills "$whole_ms"
while [ "$i" -le "$replacements" ] && [ -z "$why" ]; do
    [ "${version:-}" = first ] && version=second || version=first
    "$LUATEE" run "--tee=$BACKEND" -s "$work/$version/cli_bundle" >/dev/null 2>&1 &
    client=$!
    wait_for_kill "$i"
    kill -9 "$client" 2>/dev/null
    wait "$client" 2>/dev/null
    running_set
    case $(cat "$work/out") in
        "$version$tab$version")
            new=$((new + 1))
            killed_late
            ;;
        "first${tab}first" | "second${tab}second")
            old=$((old + 1))
            killed_early
            ;;
        *) fail "after kill $i: $(cat "$work/out")" ;;
    esac
    i=$((i + 1))
done
echo "kill -9: $old times the old set was there, $new times the new one; a replacement takes $whole_ms ms"

begin "kills fell before and after the change"
[ "$old" -gt 0 ] || fail "no kill came before the new set was in place"
[ "$new" -gt 0 ] || fail "no kill came after the new set was in place"

begin "the next run -s mends what is left over"
for version in first second; do
    run luatee run "--tee=$BACKEND" -s "$work/$version/cli_bundle"
    exits 0
    prints "$version$tab$version"
done
run luatee store list "--tee=$BACKEND" "$work/second/cli_bundle"
[ "$(wc -l <"$work/out")" -eq 3 ] || fail "not two scripts and the manifest"
luatee store remove "--tee=$BACKEND" "$work/second/cli_bundle" >/dev/null 2>&1
