# SPDX-License-Identifier: BSD-2-Clause
# tee.store and tee.counter: what the manifest grants, and clients that are killed.

# Apps of the same publisher that ran before may have had higher sequences.
sequence=$(date +%s)

app cli_stored 'print(pcall(TA_call, "keep"))'
script cli_stored keep 'tee.store.put("a", (tee.store.get("a") or 0) + 1) return tee.store.get("a"), tee.counter("c"):value() >= 0'
granted() {
    printf 'return { sequence = %d, permissions = {%s} }\n' "$sequence" "$1" >"$work/cli_stored/manifest.lua"
    luatee pack "$work/cli_stored" >"$work/pack.out" 2>&1
}
for flag in -u ''; do
    begin "the manifest grants storage and counters${flag:+, of plaintext}"
    granted 'keys = true'
    run luatee run "--tee=$BACKEND" $flag "$work/cli_stored"
    prints "false${tab}ta/keep.lua:1: permission \`storage\` is not granted in manifest.lua"
    granted 'storage = true'
    run luatee run "--tee=$BACKEND" $flag "$work/cli_stored"
    prints "false${tab}ta/keep.lua:1: permission \`counters\` is not granted in manifest.lua"
    granted 'storage = true, counters = true'
    run luatee run "--tee=$BACKEND" $flag "$work/cli_stored"
    exits 0
    prints_like "^true$tab[0-9]*${tab}true\$"
done

app cli_killed 'local tee = require "tee"
    tee.export("die", function() os.execute("kill -9 $PPID") end)
    print(tee.call(...))'
script cli_killed change 'tee.store.put("a", "old")
    tee.store.transaction(function(t) t.put("a", "new") t.put("b", "new") tee.host.die() end)'
script cli_killed look 'tee.store.put("c", 1) local a, b = tee.store.get("a"), tee.store.get("b") tee.store.clear() return a, b'
begin "a client that is killed in a transaction changes nothing, and leaves nothing locked"
for _ in 1 2 3; do
    run luatee run "--tee=$BACKEND" -u "$work/cli_killed" change
    exits 137
    run luatee run "--tee=$BACKEND" -u "$work/cli_killed" look
    exits 0
    prints "old${tab}nil"
done
