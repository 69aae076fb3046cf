# SPDX-License-Identifier: BSD-2-Clause
# The release TA's part of test_packages.sh, which sources this.

keys=$RELEASE_TA/keys
uuid=b44f77e9-f773-4540-a371-d8a7bd0bc46f

# The TA is read at the next open: no session is open between two tests.
if [ "$BACKEND" = sim ]; then
    LUATEE_SIM_TA_DIR=$RELEASE_TA
    export LUATEE_SIM_TA_DIR
else
    cp "/lib/optee_armtz/$uuid.ta" "$work/dev.ta"
    cp "$RELEASE_TA/$uuid.ta" "/lib/optee_armtz/$uuid.ta"
fi

# With nothing but "refused" from the TA: which check failed is for nobody to know.
silently_refused() {
    refused
    ! grep -q 'publisher key that\|signature\|sequence' "$work/err" || fail "it says why"
}

begin "release: packages of its publisher run"
packed cli_release "$newest" --key "$keys/new.pem" --class-key "$keys/class.key"
called "$work/cli_release" one
exits 0
prints 11
run luatee info "--tee=$BACKEND"
prints_like 'release flavour'
[ "$(grep -c '^publisher:' "$work/out")" -eq 2 ] || fail "not two publisher keys"

begin "release: the example, also with -s"
luatee pack "$work/example_lua_app" --key "$keys/new.pem" --class-key "$keys/class.key" >"$work/pack.out" 2>&1
for flag in --tee="$BACKEND" -s; do
    called "$flag" "$work/example_lua_app"
    exits 0
    prints string1string2 250
done
luatee store remove "--tee=$BACKEND" "$work/example_lua_app" >/dev/null 2>&1

begin "release: development packages are refused, and nobody learns why"
packed cli_release "$newest"
called "$work/cli_release" one
silently_refused

if [ "$BACKEND" = sim ]; then # whose TEE's log is a file
    begin "release: print goes to the TEE's log only where the manifest grants it"
    for log in true false; do
        app cli_log 'return TA_call "one"'
        script cli_log one 'print "a line of the script" return 1'
        printf 'return { name = "cli_log", sequence = %d, permissions = { log = %s } }\n' "$newest" "$log" \
            >"$work/cli_log/manifest.lua"
        luatee pack "$work/cli_log" --key "$keys/new.pem" --class-key "$keys/class.key" >"$work/pack.out" 2>&1 ||
            fail "cannot pack: $(cat "$work/pack.out")"
        export LUATEE_SIM_LOG="$work/tee-$log.log"
        called "$work/cli_log"
        unset LUATEE_SIM_LOG
        exits 0
        prints 1
        ! grep -q 'a line of the script' "$work/err" || fail "Linux gets what a release TA prints"
    done
    grep -q 'a line of the script' "$work/tee-true.log" || fail "it is not in the TEE's log, though granted"
    ! grep -qs 'a line of the script' "$work/tee-false.log" || fail "it is in the TEE's log"
fi

begin "release: plaintext is refused"
called -u "$work/cli_release" one
refused "luatee pack"

begin "release: a changed package"
packed cli_release "$newest" --key "$keys/new.pem" --class-key "$keys/class.key"
printf x >>"$work/cli_release/ta/one.luata"
called "$work/cli_release" one
silently_refused

begin "release: the older key is trusted until it is revoked"
packed cli_old_key "$newest" --key "$keys/old.pem" --class-key "$keys/class.key"
called "$work/cli_old_key" one
exits 0
prints 11

begin "release: an older key cannot revoke its successor"
revoke() {
    id=$(luatee inspect --json "$work/$2/manifest.luata" | sed -n 's/.*"publisher": *"\([0-9a-f]*\)".*/\1/p')
    printf 'return { name = "%s", sequence = %d, revoke = { "%s" } }\n' "$1" "$newest" "$id" >"$work/$1/manifest.lua"
    shift 2
    luatee pack "$work/cli_revoking" "$@" >"$work/pack.out" 2>&1 || fail "cannot pack: $(cat "$work/pack.out")"
}
packed cli_release "$newest" --key "$keys/new.pem" --class-key "$keys/class.key"
packed cli_revoking "$newest" --key "$keys/old.pem" --class-key "$keys/class.key"
revoke cli_revoking cli_release --key "$keys/old.pem" --class-key "$keys/class.key"
called "$work/cli_revoking" one
called "$work/cli_release" one
exits 0
prints 11

begin "release: a revoked key is refused, and stays so"
revoke cli_revoking cli_old_key --key "$keys/new.pem" --class-key "$keys/class.key"
called "$work/cli_revoking" one
exits 0
prints 11
for _ in 1 2; do
    called "$work/cli_old_key" one
    silently_refused
done
run luatee info "--tee=$BACKEND"
[ "$(grep '^publisher:' "$work/out" | grep -c 'revoked')" -eq 1 ] || fail "not one key is revoked"
prints_like "^publisher:  $id (revoked)\$"

if [ "$BACKEND" = sim ]; then
    unset LUATEE_SIM_TA_DIR
else
    finish
    cp "$work/dev.ta" "/lib/optee_armtz/$uuid.ta"
fi
