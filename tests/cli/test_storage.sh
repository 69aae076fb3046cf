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
    prints_like "^true${tab}[0-9]*${tab}true\$"
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

app cli_busy 'print(require "tee".call("loop", ...))'
script cli_busy loop 'local name, count = ...
    for i = 1, count // 1 | 0 do tee.store.put(name, i) tee.counter("c"):increment() end
    return name, tee.store.get(name)'
begin "two sessions that use the store again and again both come to their end"
rounds=200
[ "$BACKEND" = sim ] || rounds=40 # a write to secure storage takes its time there
for name in a b; do
    luatee run "--tee=$BACKEND" -u "$work/cli_busy" $name $rounds >"$work/busy.$name" 2>&1 &
    eval "busy_$name=$!"
done
wait "$busy_a"
wait "$busy_b"
for name in a b; do
    cp "$work/busy.$name" "$work/out"
    prints "$name$tab$rounds"
done

# --- damage: the real TEE's own idea of it ------------------------------------------------------------------------------

app cli_storage_damage 'local tee = require "tee" print(tee.import("it")[arg[1]](table.unpack(arg, 2)))'
script cli_storage_damage it '
local it = {}
function it.make() tee.counter("a"):increment(7) for i = 1, 60 do tee.store.put("k" .. i, ("v"):rep(500)) end end
function it.get() return #tee.store.get("k60") end
function it.put() tee.store.put("k60", "1") return "put" end
function it.value(name) return tee.counter(name):value() end
function it.increment(name) return tee.counter(name):increment() end
function it.restart(name, value) return tee.counter(name):restart(value // 1 | 0) end
function it.clear() tee.store.clear() return "cleared" end
return it'
it() {
    run luatee run "--tee=$BACKEND" -u "$work/cli_storage_damage" "$@"
}
lost() {
    it "$@"
    exits 1
    prints
    mentions "$because"
}

for part in all end; do
    begin "a damaged store and damaged counters are lost until a script begins anew: $part of the files"
    printf 'return { name = "cli_storage_%s.%s", permissions = { storage = true, counters = true } }\n' $part $$ \
        >"$work/cli_storage_damage/manifest.lua"
    objects >"$work/objects"
    it make
    exits 0
    damage_since "$work/objects" $part
    for _ in 1 2; do
        because="the store is damaged, and its data are lost"
        lost get
        lost put
    done
    if [ $part = all ]; then
        because="the counter 'a' was damaged, and its value is lost"
        lost value a
        lost increment a
        it restart a 9
        prints 9
        because="the counter 'b' was damaged"
        lost increment b
        # And once more: the marks are damaged, too.
        damage_since "$work/objects"
        lost increment b
        because="the counter 'a' was damaged"
        lost value a
        because="the store is damaged"
        lost get
    fi
    it clear
    prints cleared
    it put
    prints put
done
