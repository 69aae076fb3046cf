# SPDX-License-Identifier: BSD-2-Clause
# examples/vault: guesses are counted in the TEE, whatever happens to the client.

# vault PASSWORD COMMAND...
vault() {
    printf '%s\n' "$1" >"$work/password"
    shift
    run luatee run ${quick:+"$quick"} "--tee=$BACKEND" "$work/cli_vault" "$@" <"$work/password"
}

# As many guesses are left: left N
left() {
    vault "" left
    exits 0
    prints "$1"
}

begin "vault: it packs"
example vault "$(date +%s)"
# What the work for a password is good for is not what is tested.
sed -i 's/^local ITERATIONS = [0-9]*/local ITERATIONS = 100/' "$work/cli_vault/ta/vault.lua"
pack_example vault
vault "" erase

begin "vault: what is kept is there after a restart, for the right password"
vault horse create
exits 0
vault horse put mail "s3cret, with blanks"
exits 0
vault horse get mail
exits 0
prints "s3cret, with blanks"
vault staple get mail
exits 1
prints
mentions "wrong password; guesses left: 4"

begin "vault: what the TEE refuses, and a change of the password"
cp -Rp "$work/cli_vault" "$work/cli_calls"
cat >"$work/cli_calls/host/main.lua" <<'LUA'
local vault = require "tee".import "vault"
local function refused(f, ...)
    local ok, result = pcall(f, ...)
    assert(not ok or result == nil)
end
for _, password in ipairs {"", ("p"):rep(129), 7, {}, true} do
    refused(vault.create, password)
    refused(vault.open, password)
end
refused(vault.create, "another")
assert(vault.left() == 4)                                   -- of all these none was a guess
local entries = assert(vault.open("horse"))
assert(vault.left() == 5 and entries.get("mail") == "s3cret, with blanks")
for _, name in ipairs {"", ("n"):rep(65), 7, {}} do refused(entries.get, name) refused(entries.put, name, "x") end
for _, secret in ipairs {"", ("s"):rep(4097), 7, {}} do refused(entries.put, "n", secret) end
refused(entries.get, "none")
refused(entries.remove, "none")
entries.put("web", ("s"):rep(4096))
assert(table.concat(entries.list(), " ") == "mail web" and entries.remove("web") and #entries.list() == 1)
entries.change("staple")
refused(vault.open, "horse")
assert(vault.left() == 4 and vault.open("staple").get("mail") == "s3cret, with blanks" and vault.left() == 5)
LUA
run luatee run ${quick:+"$quick"} "--tee=$BACKEND" "$work/cli_calls"
exits 0
silent

begin "vault: a guess counts before it is tried, and kill -9 does not give it back"
# A vault that never gets to try a password, so that the client is killed just before.
cp -Rp "$work/cli_vault" "$work/whole_vault"
sed -i 's/^    local key = unlock/    while true do end\n&/' "$work/cli_vault/ta/vault.lua"
sed -i 's/fuel = .*/fuel = 1000000000000,/' "$work/cli_vault/manifest.lua"
pack_example vault
mv "$work/cli_vault" "$work/stopped_vault"
mv "$work/whole_vault" "$work/cli_vault"
echo wrong >"$work/wrong"
"$LUATEE" run ${quick:+"$quick"} "--tee=$BACKEND" "$work/stopped_vault" list <"$work/wrong" >"$work/guess" 2>&1 &
client=$!
tries=0
until vault "" left && [ "$(cat "$work/out")" = 4 ] || [ "$tries" -ge 50 ]; do
    tries=$((tries + 1))
done
kill -9 "$client" 2>/dev/null || fail "the guess was over before it could be killed: $(cat "$work/guess")"
wait "$client" 2>/dev/null
left 4

begin "vault: after the last guess nothing opens it any more"
for guess in 3 2 1 0; do
    vault wrong list
    exits 1
    prints
    mentions "wrong password; guesses left: $guess"
done
vault staple get mail
exits 1
prints
mentions "locked after 5 wrong passwords"

begin "vault: a hostile host"
vault "" erase
exits 0
vault "" attack
exits 0
silent
prints_like '^replace the vault by another one: there is a vault already$'
prints_like '^look for a function that needs no password: nothing gained$'
prints_like "^look for secret and password in the files of the TEE's storage: not in [1-9][0-9]* files$"
for guess in 1 2 3 4 5; do
    prints_like "^guess $guess: wrong password; guesses left: $((5 - guess))$"
done
prints_like '^the right password, too late: locked after 5 wrong passwords'

begin "vault: what is no command"
for none in nothing put "put mail" get remove; do
    # shellcheck disable=SC2086 # words
    vault "" $none
    exits 2
    prints
    mentions "vault create"
done

begin "vault: without its counter it is locked, and can be erased"
vault horse create
exits 0
vault horse put mail s3cret
exits 0
# A wrong guess changes the counter and nothing else.
objects >"$work/objects"
vault wrong list
mentions "guesses left: 4"
damage_since "$work/objects"
[ "$(wc -l <"$work/changed")" -eq 1 ] || fail "more than the counter has changed"
for _ in 1 2; do
    left 0
    vault horse get mail
    exits 1
    prints
    mentions "its counter of guesses was damaged: it can only be erased"
done
vault horse create
exits 1
mentions "there is a vault already"

begin "vault: after that a new one is as good as any, and the old one locked"
[ "$BACKEND" != sim ] || cp -R "$LUATEE_SIM_STATE" "$work/old_state"
vault "" erase
exits 0
silent
vault staple create
exits 0
left 5
vault wrong list
mentions "guesses left: 4"
vault staple put mail another
exits 0
left 5
if [ "$BACKEND" = sim ]; then
    # All but the counter comes back.
    counter=$(cat "$work/changed")
    cp "$counter" "$work/counter"
    rm -r "$LUATEE_SIM_STATE"
    cp -R "$work/old_state" "$LUATEE_SIM_STATE"
    cp "$work/counter" "$counter"
    vault horse get mail
    exits 1
    prints
    left 0
fi
vault "" erase
exits 0
