# SPDX-License-Identifier: BSD-2-Clause
# examples/policy: grants that the TEE signs, by rules that only their publisher changes.

newest=$(date +%s)

policy() {
    run luatee run "--tee=$BACKEND" "$work/cli_policy" "$@"
}

# Exit status 4, and no grant.
refused() {
    exits 4
    prints
    mentions "$@"
}

# The door: verified PUBLIC NONCE POLICY GRANT, where there is an openssl.
verified() {
    command -v openssl >/dev/null 2>&1 || return 0
    run sh "$work/cli_policy/verify.sh" "$1" "$2" "$3" <"$4"
}

begin "policy: it packs"
# Policy 1, under which bob is a keeper still.
example policy "$((newest - 1))"
sed -i 's/bob = "gone".*/bob = "keeper",/; s/policy = 2/policy = 1/' "$work/cli_policy/ta/rules.lua"
pack_example policy

begin "policy: what the rules allow is signed"
policy public
exits 0
silent
cp "$work/out" "$work/policy.pem"
policy ask bob take vault 500 n1
exits 0
silent
cp "$work/out" "$work/bob.grant"
head -n 7 "$work/bob.grant" >"$work/out"
prints "luatee grant" "policy 1" "who bob" "action take" "where vault" "amount 500" "nonce n1"
verified "$work/policy.pem" n1 1 "$work/bob.grant"
exits 0

begin "policy: what they do not allow is not"
cp -Rp "$work/cli_policy" "$work/cli_requests"
cat >"$work/cli_requests/host/main.lua" <<'LUA'
local function request(who, action, where, amount, nonce)
    return {who = who, action = action, where = where, amount = amount, nonce = nonce or "1"}
end
for _, r in ipairs {request("bob", "take", "vault", 501), request("carol", "enter", "vault"),
    request("carol", "take", "lobby", 1), request("nobody", "enter", "lobby"), request("bob", "enter", "roof"), request("bob", "sign", "vault"),
    request("bob", "policy", "vault"), request("bob", "__index", "vault"), request("vault", "enter", "vault")} do
    local grant, why = TA_call("decide", r)
    assert(grant == nil and type(why) == "string")
end

-- No requests at all: these raise.
for _, r in ipairs {request("bob", "take", "vault", -1), request("bob", "take", "vault", 1.5),
    request("bob", "take", "vault", "1"),
    request("bob", "take", "vault", math.huge), request("bob:x", "take", "vault"), request("", "take", "vault"),
    request("bob", "take"), request(7, "take", "vault"), request({}, "take", "vault"),
    request("bob", "take", "vault\0", 1), request("bob", "take", "vault", 1, "n1\nwho alice"),
    request("bob", "take", "vault", 1, ("n"):rep(65)), {}, 7, "bob", function() end} do
    assert(not pcall(TA_call, "decide", r))
end
assert(not pcall(TA_call, "decide"))
return (TA_call("decide", request("bob", "enter", "vault")):match("who (%w+)"))
LUA
run luatee run ${quick:+"$quick"} "--tee=$BACKEND" "$work/cli_requests"
exits 0
silent
prints bob

begin "policy: a hostile host"
policy attack
exits 0
silent
for what in manifest.luata ta/rules.luata ta/decide.luata; do
    prints_like "^flip a bit of $what: the TEE refuses"
done
prints_like '^rules in the place of decide: the TEE refuses'
prints_like '^rules of our own: the TEE refuses'
prints_like '^a second line in a name: request.who:'
prints_like '^ask the rules for a signature: nothing gained'

cp -R "$work/cli_policy" "$work/older_policy"
example policy "$newest"

begin "policy: the new one is in force"
policy ask bob take vault 500 n2
exits 1
says "denied: not with this badge"
policy ask alice enter vault 0 n2
exits 0
cp "$work/out" "$work/alice.grant"
prints_like '^policy 2$'
verified "$work/policy.pem" n2 2 "$work/alice.grant"
exits 0

begin "policy: the older one is not taken any more"
mv "$work/cli_policy" "$work/newer_policy"
cp -R "$work/older_policy" "$work/cli_policy"
policy ask bob take vault 500 n3
refused manifest sequence

begin "policy: nor are its rules among the new packages"
rm -r "$work/cli_policy"
cp -R "$work/newer_policy" "$work/cli_policy"
cp "$work/older_policy/ta/rules.luata" "$work/cli_policy/ta/"
policy ask bob take vault 500 n3
refused "'rules'"

begin "policy: nor those of another app"
mkdir "$work/another"
cp -R "$work/newer_policy" "$work/another/cli_policy"
sed -i 's/bob = "gone".*/bob = "keeper",/' "$work/another/cli_policy/ta/rules.lua"
sed -i 's/name = "cli_policy"/name = "cli_other"/' "$work/another/cli_policy/manifest.lua"
env ${builder_config:+"LUATEE_CONFIG=$builder_config"} "$LUATEE" pack "$work/another/cli_policy" >"$work/pack.out" 2>&1
cp "$work/another/cli_policy/ta/rules.luata" "$work/cli_policy/ta/"
policy ask bob take vault 500 n3
refused "'rules'" "another app"

begin "policy: nor does another app sign with this one's key"
run luatee run ${quick:+"$quick"} "--tee=$BACKEND" "$work/another/cli_policy" public
exits 0
! cmp -s "$work/out" "$work/policy.pem" || fail "two apps have one key"

if command -v openssl >/dev/null 2>&1; then
    begin "policy: the door refuses what is not for it"
    verified "$work/policy.pem" n9 1 "$work/alice.grant"
    exits 1
    says "another request"
    verified "$work/policy.pem" n1 2 "$work/bob.grant"
    exits 1
    says "old policy"
    for change in 's/amount 500/amount 900/' 's/^who bob/who alice/' 's/^policy 1/policy 2/' '1d' \
        '$s/signature .\(.\)/signature \1\1/' '$d' '$s/signature.*/signature /'; do
        sed "$change" "$work/bob.grant" >"$work/changed.grant"
        verified "$work/policy.pem" n1 1 "$work/changed.grant"
        exits 1
        says "not signed"
    done
    verified "$work/policy.pem" n1 1 /dev/null
    exits 1
    openssl ecparam -name prime256v1 -genkey -noout -out "$work/stranger_policy.pem" 2>/dev/null
    head -n 7 "$work/bob.grant" | sed 's/who bob/who mallory/' >"$work/forged.text"
    openssl dgst -sha256 -sign "$work/stranger_policy.pem" -out "$work/forged.sig" "$work/forged.text"
    {
        cat "$work/forged.text"
        echo "signature $(openssl base64 -A -in "$work/forged.sig")"
    } >"$work/forged.grant"
    verified "$work/policy.pem" n1 1 "$work/forged.grant"
    exits 1
    says "not signed"
else
    skip "policy: the door: no openssl here"
fi

begin "policy: what is no command"
for none in "" nothing ask "ask alice" "ask alice enter"; do
    # shellcheck disable=SC2086 # words
    run luatee run -u "--tee=$BACKEND" "$work/older_policy" $none
    exits 2
    prints
    mentions "policy ask WHO ACTION WHERE"
done

begin "policy: with a damaged key it makes no other"
sed -i 's/name = "cli_policy"/name = "cli_policy_damaged"/' "$work/older_policy/manifest.lua"
objects >"$work/objects"
run luatee run -u "--tee=$BACKEND" "$work/older_policy" public
exits 0
damage_since "$work/objects"
for command in public "ask alice enter vault" public; do
    # shellcheck disable=SC2086 # words
    run luatee run -u "--tee=$BACKEND" "$work/older_policy" $command
    exits 1
    prints
    mentions "the stored key 'grants' is damaged"
done
