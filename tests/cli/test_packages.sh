# SPDX-License-Identifier: BSD-2-Clause
# Packages on their way into the TEE: what runs, what is stored, and what is refused.

. "$here/packages.sh"

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

begin "bytecode in a package runs"
packed cli_packed "$newest" --precompile
called "$work/cli_packed" one 7
exits 0
prints "11${tab}7"

begin "scripts that begin with a byte order mark and a line for the shell: packed, as bytecode, stored, with such a manifest"
app cli_mark 'return TA_call(...)'
mark=$(printf '\357\273\277#!/usr/bin/env lua')
script cli_mark one "$mark
return 'one', ..."
script cli_mark bad "$mark
error 'bad'"
for option in '' --precompile; do
    printf '%s\nreturn { name = "cli_mark", sequence = %d }\n' "$mark" "$newest" >"$work/cli_mark/manifest.lua"
    # shellcheck disable=SC2086 # nothing, or one word
    run luatee pack "$work/cli_mark" $option
    exits 0
    called "$work/cli_mark" one 7
    exits 0
    prints "one${tab}7"
done
run luatee pack "$work/cli_mark"
called "$work/cli_mark" bad
exits 1
mentions "ta/bad.lua:2: bad"
forget cli_mark
called -s "$work/cli_mark" one 8
exits 0
prints "one${tab}8"
forget cli_mark
script cli_mark one "$mark
return return"
run luatee pack "$work/cli_mark"
exits 1
mentions "one.lua:2: "

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

begin "luatee store remove takes all away"
run luatee store remove "--tee=$BACKEND" "$work/cli_kept"
exits 0
called -s "$work/gone/cli_kept" one
exits 1
mentions "luatee store add"


if [ "$BACKEND" = sim ]; then
    begin "luatee store remove takes away what an interrupted luatee store add left"
    packed cli_half "$newest"
    called "$work/cli_half" one
    exits 0
    run luatee store add "--tee=$BACKEND" "$work/cli_half"
    run luatee store remove "--tee=$BACKEND" "$work/cli_half"
    exits 0
    stored_files | sort >"$work/objects" # with the app's directory, which stays
    step=1
    status=1
    while [ "$status" -ne 0 ] && [ "$step" -lt 60 ]; do
        run env LUATEE_SIM_STORAGE_FAULT="cut $step" "$LUATEE" store add "--tee=$BACKEND" "$work/cli_half"
        ended=$status
        run luatee store remove "--tee=$BACKEND" "$work/cli_half"
        exits 0
        stored_files | sort >"$work/left"
        cmp -s "$work/objects" "$work/left" || fail "cut $step: something is left"
        status=$ended
        step=$((step + 1))
    done
    [ "$step" -gt 6 ] && [ "$step" -lt 60 ] || fail "$step steps"
fi

# --- refused ----------------------------------------------------------------------------------------------------------

begin "what is refused leaves nothing in secure storage: manifests that are junk, cut, changed, of others, and old"
packed cli_sound "$newest"
called "$work/cli_sound" one
exits 0
cp "$work/cli_sound/manifest.luata" "$work/sound"
packed cli_sound "$((newest - 1))"
cp "$work/cli_sound/manifest.luata" "$work/old"
luatee keygen publisher -o "$work/junk.pem" >"$work/out" 2>"$work/err"
luatee pack "$work/cli_sound" --key "$work/junk.pem" --class-key "$development/class.key" >"$work/pack.out" 2>&1 ||
    fail "cannot pack: $(cat "$work/pack.out")"
cp "$work/cli_sound/manifest.luata" "$work/strange"
objects >"$work/objects"
number=0
while [ "$number" -lt 40 ]; do
    junk=cli_junk$number
    case $((number % 5)) in
        0) printf 'junk!' >"$work/manifest" ;;
        1) head -c $((10 * number)) "$work/sound" >"$work/manifest" ;;
        2) cp "$work/sound" "$work/manifest" && damage "$work/manifest" ;;
        3) cp "$work/strange" "$work/manifest" && junk=cli_sound ;;
        *) cp "$work/old" "$work/manifest" && junk=cli_sound ;;
    esac
    [ $junk = cli_sound ] || mv "$work/cli_sound" "$work/$junk"
    cp "$work/manifest" "$work/$junk/manifest.luata"
    called "$work/$junk" one
    exits 4
    run luatee store add "--tee=$BACKEND" "$work/$junk"
    exits 4
    [ $junk = cli_sound ] || mv "$work/$junk" "$work/cli_sound"
    number=$((number + 1))
done
objects >"$work/left"
cmp -s "$work/objects" "$work/left" || fail "something was written"

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

begin "scripts of two bundles"
packed cli_refused "$newest"
cp "$work/cli_refused/ta/one.luata" "$work/kept.luata"
pack cli_refused "$newest"
cp "$work/kept.luata" "$work/cli_refused/ta/one.luata"
called "$work/cli_refused" two
refused one packed
called -s "$work/cli_refused" two
refused one packed
forget cli_refused

begin "signed by an unknown key"
[ -e "$work/stranger.pem" ] || luatee keygen publisher -o "$work/stranger.pem" >"$work/pack.out"
packed cli_refused "$newest" --key "$work/stranger.pem" --class-key "$development/class.key"
called "$work/cli_refused" one
refused manifest key

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

# What OP-TEE stores for other tests comes back in the end; the simulator's way out is another.
[ "$BACKEND" = sim ] || cp -a "$optee_storage" "$work/storage"

begin "an older sequence after a newer one ran, and what others stored was damaged"
objects >"$work/objects"
packed cli_damaged "$newest"
luatee store add "--tee=$BACKEND" "$work/cli_damaged" >"$work/out" 2>"$work/err" || fail "not stored"
damage_since "$work/objects"
called "$work/cli_rollback" one
refused manifest sequence
# What is damaged is as good as missing, and stored again.
called -s "$work/cli_damaged" one
exits 0
prints 11
# An app that has not run before is not taken for one whose record is gone.
packed cli_damaged_not "$newest"
called "$work/cli_damaged_not" one
exits 0
prints 11

begin "an older sequence after a newer one ran, and every stored object was damaged, twice"
printf 'return { name = "cli_damaged_not", sequence = %d, revoke = { "%s" } }\n' "$newest" \
    "$(printf '%064d' 7)" >"$work/cli_damaged_not/manifest.lua"
luatee pack "$work/cli_damaged_not" >"$work/pack.out" 2>&1
called "$work/cli_damaged_not" one
exits 0
for call in one two; do
    for path in $(stored_files); do printf x >>"$path"; damage "$path"; done
    called "$work/cli_rollback" $call
    refused manifest damaged
done
run luatee info "--tee=$BACKEND"
exits 0
prints_like "^publisher:  [0-9a-f]* (refused: the TEE's record of revoked keys is damaged, or its storage cannot be used)\$"

begin "storage that is cleared has forgotten"
if [ "$BACKEND" = sim ]; then
    rm -r "$LUATEE_SIM_STATE"
else
    rm -f "$optee_storage"/*
fi
called "$work/cli_rollback" one
exits 0
if [ "$BACKEND" != sim ]; then
    rm -rf "$optee_storage"
    cp -a "$work/storage" "$optee_storage"
    luatee info "--tee=$BACKEND" >"$work/out" 2>&1 || true # OP-TEE may find another list than it knows, and reads it anew
fi

# --- a TA of the release flavour --------------------------------------------------------------------------------------

# RELEASE_TA: a folder with the TA, and in keys/ what it was built with: old.pub, new.pub and class.key; the private halves lie
# beside them.
if [ -z "$RELEASE_TA" ]; then
    skip "a release TA: none was built for this backend"
    return 0
fi
. "$here/release.sh"
