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
for request in "bob take vault 501" "carol enter vault" "carol take lobby 1" "nobody enter lobby" "bob enter roof" \
    "bob sign vault" "bob actions vault" "bob __index vault"; do
    # shellcheck disable=SC2086 # the words of a request
    policy ask $request
    exits 1
    prints
    says denied
done

begin "policy: a request that is none"
for request in "bob take vault -1" "bob take vault 1.5" "bob take vault all" "bob take vault 1 a b" "bob:x take vault" "bob take"; do
    # shellcheck disable=SC2086
    set -- $request
    [ "$#" -lt 6 ] || set -- bob take vault 1 "n1
who alice"
    policy ask "$@"
    exits 1
    prints
    mentions "request." "expected"
done

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
run luatee run "--tee=$BACKEND" "$work/another/cli_policy" public
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
    for change in 's/amount 500/amount 900/' 's/^who bob/who alice/' 's/^policy 1/policy 2/' '1d' '$s/signature .\(.\)/signature \1\1/' \
        '$d' '$s/signature.*/signature /'; do
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
    { cat "$work/forged.text"; printf 'signature '; openssl base64 -A -in "$work/forged.sig"; echo; } >"$work/forged.grant"
    verified "$work/policy.pem" n1 1 "$work/forged.grant"
    exits 1
    says "not signed"
else
    skip "policy: the door: no openssl here"
fi
