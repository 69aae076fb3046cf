# SPDX-License-Identifier: BSD-2-Clause
# examples/meter: signed records without a gap, also when the client is killed; and what its reader finds.

meter() {
    run luatee run ${quick:+"$quick"} "--tee=$BACKEND" "$work/cli_meter" "$@"
}

begin "meter: it packs"
example meter "$(date +%s)"

# The number and the total that the meter says it has.
stands() {
    meter statement x
    sed -n 's/^meter statement number=\([0-9]*\) total=\([0-9]*\) .*/\1 \2/p' "$work/out"
}

# The log's records follow each other, from the first that this run made, and add up.
consecutive() {
    awk -v number="$first" -v total="$before" '{
        split($3, n, "="); split($4, u, "="); split($5, t, "=")
        number++; total += u[2]
        if (n[2] != number || t[2] != total) exit 1
    }' "$work/meter.log" || fail "the log has a gap: $(cut -d ' ' -f 3-5 "$work/meter.log" | tr '\n' ';')"
}

# The storage of a real TEE may hold what an older run has left.
# shellcheck disable=SC2046 # two words
set -- $(stands) 0 0
first=$1
before=$2

begin "meter: records are appended"
meter use "$work/meter.log" 10 INV-10
exits 0
prints
silent
started=$(awk '{ printf "%d", $1 * 1000 }' /proc/uptime)
meter use "$work/meter.log" 20 INV-20
use_ms=$(($(awk '{ printf "%d", $1 * 1000 }' /proc/uptime) - started))
[ "$(wc -l <"$work/meter.log")" -eq 2 ] || fail "not two records"
consecutive

begin "meter: a record that was lost on its way comes again"
sed -i '$d' "$work/meter.log"
meter recover "$work/meter.log"
exits 0
prints "1 record recovered"
consecutive

begin "meter: kill -9 in the middle of a use leaves no gap"
aim_kills "$use_ms"
kills=$((KILLS < 100 ? 3 : 15))
i=1
while [ "$i" -le "$kills" ]; do
    "$LUATEE" run ${quick:+"$quick"} "--tee=$BACKEND" "$work/cli_meter" use "$work/meter.log" 1 kill-$i \
        >/dev/null 2>&1 &
    client=$!
    wait_for_kill $i
    kill -9 "$client" 2>/dev/null
    wait "$client" 2>/dev/null
    if grep -q "for=kill-$i " "$work/meter.log"; then killed_late; else killed_early; fi
    i=$((i + 1))
done
meter recover "$work/meter.log"
exits 0
meter use "$work/meter.log" 1 last
exits 0
consecutive

if command -v openssl >/dev/null 2>&1 && [ "$first" -eq 0 ]; then
    begin "meter: the reader, with openssl, finds all there"
    meter public
    cp "$work/out" "$work/meter.pem"
    meter statement today
    cp "$work/out" "$work/meter.statement"
    run sh "$work/cli_meter/verify.sh" "$work/meter.pem" "$work/meter.log" "$work/meter.statement" today
    exits 0
    silent
    # shellcheck disable=SC2046 # two words
    set -- $(stands) 0 0
    echo "$1 records, $2 units" >"$work/expected"
    run sh "$work/cli_meter/verify.sh" "$work/meter.pem" "$work/meter.log"
    cmp -s "$work/out" "$work/expected" || fail "the reader and the meter do not agree"
else
    skip "meter: its reader: no openssl here"
fi

begin "meter: two at once count each use"
# shellcheck disable=SC2046 # two words
set -- $(stands) 0 0
first=$1
before=$2
for half in 1 2; do
    "$LUATEE" run ${quick:+"$quick"} "--tee=$BACKEND" "$work/cli_meter" use "$work/meter.$half" 1 half-$half \
        >/dev/null 2>"$work/half.$half" &
done
wait
sort -u -t = -k 2n "$work/meter.1" "$work/meter.2" | grep -v "number=$first " >"$work/meter.log"
[ "$(wc -l <"$work/meter.log")" -eq 2 ] || fail "not two records: $(cat "$work/half.1" "$work/half.2")"
consecutive

begin "meter: nothing is used while the last record is not logged"
cp -Rp "$work/cli_meter" "$work/cli_two"
cat >"$work/cli_two/host/main.lua" <<'LUA'
local meter = require "tee".import "meter"
local _, number = meter.last()
local _, other = meter.last()                               -- two clients, who know the same
assert(number == other)
assert(meter.use(1, "dies", number))                        -- and this record gets lost
local record, why = meter.use(1, "gap", other)
assert(not record and why == ("record %d is the last one: append it to the log first"):format(number + 1))
for _, after in ipairs {number - 1, number + 2, -1, 0.5, "1", {}} do
    local ok, made = pcall(meter.use, 1, "gap", after)
    assert(not ok or made == nil)
end
assert(not pcall(meter.use, 1, "gap"))
local last, now = meter.last()
assert(now == number + 1 and last:find("for=dies ", 1, true))
return "fine"
LUA
run luatee run ${quick:+"$quick"} "--tee=$BACKEND" "$work/cli_two"
exits 0
silent
prints fine

begin "meter: what is no command"
for none in "" nothing use "use LOG" "use LOG 1" recover statement attack; do
    # shellcheck disable=SC2086 # words
    meter $none
    exits 2
    prints
    mentions "meter use LOG UNITS REFERENCE"
done

begin "meter: a hostile host"
# A meter of its own: its log begins with record 1.
sed -i 's/name = "cli_meter"/name = "cli_meter_attack"/' "$work/cli_meter/manifest.lua"
pack_example meter
meter attack "$work/attack.log"
exits 0
silent
prints_like '^use less than nothing: units:'
prints_like '^use nothing: units:'
prints_like '^use more than an integer holds: units:'
prints_like '^add a field to the reference: reference:'
prints_like '^put a record into a statement: nonce:'
prints_like '^make a record while the last one is not logged: record [0-9]* is the last one'
if command -v openssl >/dev/null 2>&1; then
    for found in "drop a record: line 2: this is record 3" "drop the first: line 1: this is record 2" \
        "drop the last: the log has 2 records, the meter made 3" "drop all: the log has 0 records, the meter made 3" \
        "drop the last, and show an old statement: statement: its nonce is another one: it is old" \
        "swap two: line 2: this is record 3" \
        "show a cheap record twice, in place of an expensive one: line 3: this is record 2" \
        "change the units: line 3: not signed by this meter" "change the number: line 3: not signed by this meter" \
        "use the signature of another record: line 3: not signed by this meter" \
        "show a statement as a record: line 3: signed, but not a record"; do
        prints_like "^$found\$"
    done
fi

begin "meter: with a damaged key it makes no other"
sed -i 's/name = "cli_meter_attack"/name = "cli_meter_damaged"/' "$work/cli_meter/manifest.lua"
objects >"$work/objects"
run luatee run -u "--tee=$BACKEND" "$work/cli_meter" public
exits 0
damage_since "$work/objects"
for _ in 1 2; do
    run luatee run -u "--tee=$BACKEND" "$work/cli_meter" public
    exits 1
    prints
    mentions "the stored key 'meter' is damaged"
done
