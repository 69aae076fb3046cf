# SPDX-License-Identifier: BSD-2-Clause
# Packages on their way into the TEE: what runs, what is stored, and what is refused. The TA was built with the development
# keys of whoever runs this (LUATEE_CONFIG).

LUATEE_CONFIG=$builder_config
[ -n "$LUATEE_CONFIG" ] && export LUATEE_CONFIG || unset LUATEE_CONFIG

secret='tell nobody'
# Newer than what ran before in the storage of a real TEE, which outlives the tests.
newest=$(date +%s)

# An app NAME of sequence N, packed with these options: packed NAME N [OPTION...]
packed() {
    folder=$1
    sequence=$2
    shift 2
    app "$folder" 'return TA_call(...)'
    script "$folder" one "local secret = '$secret' return #secret, ..."
    script "$folder" two 'return "two", require "one"'
    script "$folder" try 'return pcall(internal_TA_call, ...)'
    pack "$folder" "$sequence" "$@"
}

pack() {
    folder=$1
    printf 'return { name = "%s", sequence = %d }\n' "${folder##*/}" "$2" >"$work/$folder/manifest.lua"
    shift 2
    luatee pack "$work/$folder" "$@" >"$work/pack.out" 2>&1 || fail "cannot pack: $(cat "$work/pack.out")"
}

called() {
    run luatee run "--tee=$BACKEND" "$@"
}

# Exit status 4, one line that has these words, and nothing of the script.
refused() {
    exits 4
    prints
    mentions "$@"
    ! grep -q "$secret" "$work/out" "$work/err" || fail "the script is in what was printed"
}

# Nothing of an app is left in secure storage: forget FOLDER
forget() {
    luatee store remove "--tee=$BACKEND" "$work/$1" >"$work/out" 2>"$work/err" || true
}

begin "packages run"
packed cli_packed "$newest"
called "$work/cli_packed" one 7
exits 0
prints "11${tab}7"
silent
called "$work/cli_packed" two
exits 0
prints "two${tab}11${tab}ta/one.lua"

begin "invoke_lua_interpreter without -u runs packages"
cp -R "$EXAMPLE" "$work/example_lua_app"
rm -f "$work"/example_lua_app/*.luata "$work"/example_lua_app/ta/*.luata
luatee pack "$work/example_lua_app" >"$work/pack.out" 2>&1
if [ "$BACKEND" = sim ]; then
    run env LUATEE_SIM_STATE="$LUATEE_SIM_STATE" "$invoke" --tee=sim "$work/example_lua_app"
else
    run "$invoke" "$work/example_lua_app"
fi
exits 0
prints string1string2 250

begin "the packages are enough: no source is needed"
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

begin "bytecode in a package runs"
packed cli_packed "$newest" --precompile
called "$work/cli_packed" one 7
exits 0
prints "11${tab}7"

begin "sources newer than their packages: what is packed runs, and a line says so"
sleep 1
script cli_packed one 'return "changed"'
called "$work/cli_packed" one
exits 0
prints 11
says one.lua "luatee pack"

begin "a package for this device alone"
run luatee device-key "--tee=$BACKEND"
exits 0
silent
prints_like 'BEGIN PUBLIC KEY'
cp "$work/out" "$work/device.pub"
run luatee device-key "--tee=$BACKEND"
cmp -s "$work/out" "$work/device.pub" || fail "the key changed"
packed cli_device "$newest"
# Signed by the key that the TA trusts, to the device and nobody else.
development=${LUATEE_CONFIG:-${XDG_CONFIG_HOME:-$HOME/.config}/luatee}/dev
pack cli_device "$newest" --key "$development/publisher.pem" --to "$work/device.pub"
called "$work/cli_device" one
exits 0
prints 11

begin "luatee info tells what is trusted and how storage is protected"
run luatee info "--tee=$BACKEND"
exits 0
prints_like '^rollback: .*level [0-9]'
prints_like '^publisher: *[0-9a-f]\{64\}$'

# --- secure storage ---------------------------------------------------------------------------------------------------

begin "-s stores the packages and runs them"
packed cli_kept "$newest"
forget cli_kept
called -s "$work/cli_kept" two
exits 0
prints "two${tab}11${tab}ta/one.lua"
silent

begin "-s runs again with the files gone"
mkdir -p "$work/gone/cli_kept"
cp -R "$work/cli_kept/host" "$work/gone/cli_kept/"
called -s "$work/gone/cli_kept" one
exits 0
prints 11
silent

begin "luatee store list shows the packages and the manifest"
run luatee store list "--tee=$BACKEND" "$work/cli_kept"
exits 0
prints_like ' one$'
prints_like ' manifest (the manifest)$'
[ "$(wc -l <"$work/out")" -eq 4 ] || fail "not three scripts and the manifest"

begin "plaintext and packages do not mix"
run luatee store list -u "--tee=$BACKEND" "$work/cli_kept"
exits 0
prints
called -su "$work/gone/cli_kept" one
exits 1

begin "-s brings a new bundle, as a whole"
script cli_kept one 'return "changed"'
rm "$work/cli_kept/ta/try.lua" "$work/cli_kept/ta/try.luata"
pack cli_kept "$newest"
called -s "$work/cli_kept" two
exits 0
prints "two${tab}changed${tab}ta/one.lua"
called -s "$work/gone/cli_kept" try one
exits 1
mentions "no trusted script 'try'" "luatee store add"

begin "a script named manifest is not the manifest"
script cli_kept manifest 'return "a script"'
pack cli_kept "$newest"
called -s "$work/cli_kept" manifest
exits 0
prints "a script"
called "$work/cli_kept" manifest
exits 0
prints "a script"

begin "luatee store remove takes all away"
run luatee store remove "--tee=$BACKEND" "$work/cli_kept"
exits 0
called -s "$work/gone/cli_kept" one
exits 1
mentions "luatee store add"

# --- refused ----------------------------------------------------------------------------------------------------------

begin "a renamed package"
packed cli_refused "$newest"
cp "$work/cli_refused/ta/one.luata" "$work/cli_refused/ta/other.luata"
called "$work/cli_refused" other
refused other "another script"

begin "a package of another app"
packed cli_another "$newest"
cp "$work/cli_another/ta/one.luata" "$work/cli_refused/ta/one.luata"
called "$work/cli_refused" one
refused one app
called -s "$work/cli_refused" two
refused one app
forget cli_refused

begin "pcall cannot catch a refusal"
called "$work/cli_refused" try one
refused one app

begin "nor can it where Lua cannot wait, or in a coroutine"
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

begin "a host script can catch it, and go on"
app cli_refused 'local ok, message = pcall(TA_call, "one")
    return ok, message:match("refuses") ~= nil, TA_call("two", 3)'
packed cli_caught "$newest"
cp "$work/cli_refused/host/main.lua" "$work/cli_caught/host/"
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

begin "scripts of two bundles"
packed cli_refused "$newest"
cp "$work/cli_refused/ta/one.luata" "$work/kept.luata"
pack cli_refused "$newest"
cp "$work/kept.luata" "$work/cli_refused/ta/one.luata"
called "$work/cli_refused" two
refused one packed
called -s "$work/cli_refused" two
refused one packed
cp -R "$work/cli_refused" "$work/mixed"
pack cli_refused "$newest"
called -s "$work/cli_refused" two
exits 0
called -s "$work/mixed" two
refused one packed
run luatee store list "--tee=$BACKEND" "$work/cli_refused"
[ "$(grep -c one "$work/out")" = 1 ] || fail "a script of another bundle stays: $(cat "$work/out")"
forget cli_refused

begin "signed by an unknown key"
[ -e "$work/stranger.pem" ] || luatee keygen publisher -o "$work/stranger.pem" >"$work/pack.out"
packed cli_refused "$newest" --key "$work/stranger.pem" --class-key "$development/class.key"
called "$work/cli_refused" one
refused manifest key

begin "encrypted for another device"
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

begin "bytecode offered as plaintext"
lua_bytecode() {
    app cli_bytecode 'return TA_call("one")'
    printf '\033LuaT\000\031\223\r\n\032\n' >"$work/cli_bytecode/ta/one.lua"
    called -u "$work/cli_bytecode"
}
lua_bytecode
refused one bytecode

begin "an older sequence after a newer one ran"
packed cli_rollback "$((newest - 1))"
called "$work/cli_rollback" one
exits 0
cp -R "$work/cli_rollback" "$work/older"
pack cli_rollback "$newest"
called "$work/cli_rollback" one
exits 0
rm -r "$work/cli_rollback"
cp -R "$work/older" "$work/cli_rollback"
called "$work/cli_rollback" one
refused manifest sequence
called -s "$work/cli_rollback" one
refused sequence

if [ "$BACKEND" = sim ]; then
    begin "an older sequence after a newer one ran, and every stored object was damaged, twice"
    for call in one two; do
        find "$LUATEE_SIM_STATE" -name 'o.*' -exec sh -c 'printf x >>"$1"' sh {} \;
        called "$work/cli_rollback" $call
        refused manifest damaged
    done
    # The way out: storage is cleared, and everything in it with it.
    rm -r "$LUATEE_SIM_STATE"
    called "$work/cli_rollback" one
    exits 0
else
    skip "damaged storage: a real TEE's files are its own while it runs"
fi

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
luatee pack "$work/cli_greedy" >"$work/pack.out" 2>&1
called "$work/cli_greedy" one
refused manifest memory "12 MiB"

# --- a TA of the release flavour --------------------------------------------------------------------------------------

# RELEASE_TA: a folder with the TA, and in keys/ what it was built with: old.pub, new.pub and class.key; the private halves lie
# beside them.
if [ -z "$RELEASE_TA" ]; then
    skip "a release TA: none was built for this backend"
    return 0
fi
. "$here/release.sh"
