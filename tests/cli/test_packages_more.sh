# SPDX-License-Identifier: BSD-2-Clause
# More of packages: what takes long on OP-TEE in QEMU, where run.sh leaves it out, and what the simulator shows as well.
# On OP-TEE with LUATEE_TESTS=all: it takes minutes in QEMU.

. "$here/packages.sh"

begin "the packages are enough: no source is needed"
packed cli_packed "$newest"
rm "$work"/cli_packed/ta/*.lua "$work/cli_packed/manifest.lua"
called "$work/cli_packed" one
exits 0
prints 11
silent

begin "the manifest tells the app's name, not the folder"
mv "$work/cli_packed" "$work/cli_elsewhere"
called "$work/cli_elsewhere" one
exits 0
prints 11

begin "sources newer than their packages: what is packed runs, and a line says so"
packed cli_packed "$newest"
script cli_packed one 'return "changed"'
touch -t 203701010000 "$work/cli_packed/ta/one.lua"
called "$work/cli_packed" one
exits 0
prints 11
says one.lua "luatee pack"

begin "a manifest.luata that is none"
packed cli_packed "$newest"
rm "$work/cli_packed/manifest.luata"
mkdir "$work/cli_packed/manifest.luata"
for option in "--tee=$BACKEND" -s; do # once without -s and once with it
    called "$option" "$work/cli_packed" one
    exits 2
    says "$work/cli_packed/manifest.luata" "not a regular file"
done
rmdir "$work/cli_packed/manifest.luata"
mkfifo "$work/cli_packed/manifest.luata"
called "$work/cli_packed" one
exits 2
says "$work/cli_packed/manifest.luata" "not a regular file"
rm "$work/cli_packed/manifest.luata"
dd if=/dev/zero of="$work/cli_packed/manifest.luata" bs=1048576 count=3 2>"$work/found"
called "$work/cli_packed" one
exits 2
says "$work/cli_packed/manifest.luata" "too large"
: >"$work/cli_packed/manifest.luata"
called "$work/cli_packed" one
exits 4
says "$work/cli_packed/manifest.luata"

begin "packages without their manifest"
packed cli_packed "$newest"
rm -rf "$work/cli_elsewhere"
mv "$work/cli_packed" "$work/cli_elsewhere"
rm "$work/cli_elsewhere/manifest.luata"
for option in "--tee=$BACKEND" -s; do
    called "$option" "$work/cli_elsewhere" one
    exits 2
    says "$work/cli_elsewhere" "no manifest.luata" "luatee pack"
done
for action in list remove; do
    run luatee store "--tee=$BACKEND" $action "$work/cli_elsewhere"
    exits 0
done
run luatee store "--tee=$BACKEND" add "$work/cli_elsewhere" one
exits 2
says "$work/cli_elsewhere" "no manifest.luata"
rm "$work"/cli_elsewhere/ta/*.luata
called "$work/cli_elsewhere" one
exits 2
says "has no packages" "luatee pack"

begin "plaintext and packages do not mix"
packed cli_kept "$newest"
mkdir -p "$work/gone/cli_kept"
cp -R "$work/cli_kept/host" "$work/gone/cli_kept/"
called -s "$work/cli_kept" one
exits 0
run luatee store list -u "--tee=$BACKEND" "$work/cli_kept"
exits 0
prints
called -su "$work/gone/cli_kept" one
exits 1

begin "a script named manifest is not the manifest"
script cli_kept manifest 'return "a script"'
pack cli_kept "$newest"
called -s "$work/cli_kept" manifest
exits 0
prints "a script"
called "$work/cli_kept" manifest
exits 0
prints "a script"
forget cli_kept

begin "pcall cannot catch a refusal where Lua cannot wait, nor in a coroutine"
app cli_sorted 'require("tee").export("note", print) return TA_call(...)'
printf '\033LuaT\000\031\223\r\n\032\n' >"$work/cli_sorted/ta/bad.lua"
script cli_sorted sort 'table.sort({1, 2}, function() pcall(internal_TA_call, "bad") end) return "sorted"'
script cli_sorted both 'table.sort({1, 2}, function()
        coroutine.wrap(function() pcall(internal_TA_call, "bad") pcall(internal_TA_call, "bad") end)() end) return "sorted"'
script cli_sorted wrap 'coroutine.wrap(function() pcall(internal_TA_call, "bad") end)() return "wrapped"'
script cli_sorted host 'table.sort({1, 2}, function() pcall(internal_TA_call, "bad") end) pcall(tee.host.note, "went on")'
script cli_sorted good 'return "good"'
for name in sort both wrap host; do
    called -su "$work/cli_sorted" "$name"
    refused bad bytecode
done
called -su "$work/cli_sorted" good
exits 0
prints good
luatee store remove -u "--tee=$BACKEND" "$work/cli_sorted" >/dev/null 2>&1

begin "a host script can catch a refusal, and go on"
packed cli_another "$newest"
packed cli_caught "$newest"
printf '%s\n' 'local ok, message = pcall(TA_call, "one")
    return ok, message:match("refuses") ~= nil, TA_call("two", 3)' >"$work/cli_caught/host/main.lua"
script cli_caught two 'return ...'
pack cli_caught "$newest"
cp "$work/cli_another/ta/one.luata" "$work/cli_caught/ta/one.luata"
called "$work/cli_caught"
exits 0
prints "false${tab}true${tab}3"

begin "inside a call that waits for the host, a refusal ends the inner call alone; what crossed with it stays"
app cli_inner 'local tee = require "tee"
    tee.export("again", function()
        local ok, message = pcall(tee.call, "inner", function() return "kept" end)
        return ok, message:match("refuses") ~= nil
    end)
    print(tee.call "outer")
    return tee.call "outer"'
script cli_inner outer 'local keep = require "keep" local ok, refused = tee.host.again() return ok, refused, keep.f()'
script cli_inner keep 'return {}'
script cli_inner inner 'require "keep".f = ... pcall(require, "one") return "went on"'
script cli_inner one 'return 1'
printf 'return { sequence = %d, permissions = {host = {"again"}} }\n' "$newest" >"$work/cli_inner/manifest.lua"
luatee pack "$work/cli_inner" >"$work/pack.out" 2>&1
cp "$work/cli_another/ta/one.luata" "$work/cli_inner/ta/one.luata"
called "$work/cli_inner"
exits 0
prints "false${tab}true${tab}kept" "false${tab}true${tab}kept"

begin "scripts of two bundles in secure storage"
packed cli_refused "$newest"
cp "$work/cli_refused/ta/one.luata" "$work/kept.luata"
pack cli_refused "$newest"
cp -R "$work/cli_refused" "$work/mixed"
cp "$work/kept.luata" "$work/mixed/ta/one.luata"
pack cli_refused "$newest"
called -s "$work/cli_refused" two
exits 0
called -s "$work/mixed" two
refused one packed
run luatee store list "--tee=$BACKEND" "$work/cli_refused"
[ "$(grep -c one "$work/out")" = 1 ] || fail "a script of another bundle stays: $(cat "$work/out")"
forget cli_refused

begin "encrypted for another device"
[ -e "$work/stranger.pem" ] || luatee keygen publisher -o "$work/stranger.pem" >"$work/pack.out"
packed cli_refused "$newest" --key "$development/publisher.pem" --to "$work/stranger.pub"
called "$work/cli_refused" one
refused manifest

begin "encrypted for another class"
[ -e "$work/stranger.class" ] || luatee keygen class -o "$work/stranger.class" >"$work/pack.out"
packed cli_refused "$newest" --key "$development/publisher.pem" --class-key "$work/stranger.class"
called "$work/cli_refused" one
refused manifest

begin "source, or bytecode, in the place of a package"
packed cli_refused "$newest"
for text in 'return 1' '\033Lua\124\000'; do
    # shellcheck disable=SC2059 # the text is the format
    printf "$text" >"$work/cli_refused/ta/one.luata"
    called "$work/cli_refused" one
    refused one
done

begin "the manifest's budgets hold, of packages and of plaintext"
app cli_budget 'return TA_call(...)'
script cli_budget much 'return #("x"):rep(2000000)'
script cli_budget long 'for i = 1, 10000000 do end return "done"'
script cli_budget load 'return load("return 1")()'
printf 'return { sequence = %d, memory = 1 << 20, fuel = 100000 }\n' "$newest" >"$work/cli_budget/manifest.lua"
luatee pack "$work/cli_budget" >"$work/pack.out" 2>&1
for flag in --tee="$BACKEND" -u; do
    called "$flag" "$work/cli_budget" much
    exits 1
    mentions "not enough memory" "of 1024 KiB"
    called "$flag" "$work/cli_budget" long
    exits 1
    mentions fuel
    called "$flag" "$work/cli_budget" load
    exits 1
    mentions load
done

begin "the manifest grants functions of the host, by name"
confirm=$(dirname "$EXAMPLE")/confirm
cp -R "$confirm" "$work/cli_granted"
printf 'return { sequence = %d, permissions = {host = {"confirm"}} }\n' "$newest" >"$work/cli_granted/manifest.lua"
luatee pack "$work/cli_granted" >"$work/pack.out" 2>&1
called "$work/cli_granted" y
exits 0
prints "paid 5" "Pay 500 to the baker? [y/n] y" "paid 500"
called "$work/cli_granted" n
exits 0
prints "paid 5" "Pay 500 to the baker? [y/n] n" "refused: not confirmed"

begin "and no others; of plaintext, all"
app cli_denied 'local tee = require "tee"
    tee.export("confirm", function() return true end)
    return tee.call("pay", 500, "the baker")'
cp "$confirm/ta/pay.lua" "$work/cli_denied/ta/"
for grants in 'permissions = {host = {"confirms", "Confirm"}}' ''; do
    printf 'return { sequence = %d, %s }\n' "$newest" "$grants" >"$work/cli_denied/manifest.lua"
    luatee pack "$work/cli_denied" >"$work/pack.out" 2>&1
    called "$work/cli_denied"
    exits 1
    mentions 'permission to call host function `confirm` is not granted in manifest.lua: add it to permissions.host'
    called -s "$work/cli_denied"
    exits 1
    mentions 'host function `confirm` is not granted'
    called -u "$work/cli_denied"
    exits 0
    prints "paid 500"
done
forget cli_denied

begin "a manifest that asks for more memory than there is"
packed cli_greedy "$newest"
printf 'return { name = "cli_greedy", sequence = %d, memory = 64 << 20 }\n' "$newest" >"$work/cli_greedy/manifest.lua"
run luatee pack "$work/cli_greedy"
exits 2
says manifest.lua:1 memory "12 MiB"
