# SPDX-License-Identifier: BSD-2-Clause
# Packages: luatee keygen, pack, inspect, verify. No TEE is needed.

export LUATEE_CONFIG="$work/config"
unset LUATEE_PASSPHRASE

keys() {
    [ -e "$work/publisher.pem" ] || luatee keygen publisher -o "$work/publisher.pem" >"$work/out"
    [ -e "$work/other.pem" ] || luatee keygen publisher -o "$work/other.pem" >"$work/out"
    [ -e "$work/class.key" ] || luatee keygen class -o "$work/class.key" >"$work/out"
}

# An app of two scripts, and how most tests pack it.
secret='the secret of the script'
fresh() {
    app boxed 'return 1'
    script boxed one "return '$secret'"
    script boxed two 'return 2'
}

packed() {
    run luatee pack "$work/boxed" --key "$work/publisher.pem" --class-key "$work/class.key" "$@"
}

verified() {
    run luatee verify "$@" --key "$work/publisher.pub"
}

# Nothing but these files, hidden ones and folders aside: has FOLDER NAME...
has() {
    folder=$1
    shift
    (cd "$folder" && find . -type f | sort | sed 's,^\./,,') >"$work/found"
    printf '%s\n' "$@" | sort >"$work/expected"
    cmp -s "$work/expected" "$work/found" || fail "in $folder are not exactly: $*"
}

manifest() {
    printf '%s\n' "$1" >"$work/boxed/manifest.lua"
}

begin "keygen publisher"
run luatee keygen publisher -o "$work/publisher.pem"
exits 0
silent
prints_like 'publisher key [0-9a-f]\{16\}'
[ "$(stat -c %a "$work/publisher.pem")" = 600 ] || fail "the private key is open to others"
grep -q 'BEGIN PRIVATE KEY' "$work/publisher.pem" || fail "no PKCS#8"
grep -q 'BEGIN PUBLIC KEY' "$work/publisher.pub" || fail "no public half"

begin "keygen never overwrites"
cp "$work/publisher.pem" "$work/copy"
run luatee keygen publisher -o "$work/publisher.pem"
exits 2
prints
says publisher.pem "not overwritten"
cmp -s "$work/publisher.pem" "$work/copy" || fail "it was overwritten"

begin "keygen does not leave half a pair"
: >"$work/half.pub"
run luatee keygen publisher -o "$work/half.pem"
exits 2
[ ! -e "$work/half.pem" ] || fail "there is a private half"

begin "keygen class"
run luatee keygen class -o "$work/class.key"
exits 0
silent
prints_like 'class key [0-9a-f]\{16\}'
[ "$(stat -c %a "$work/class.key")" = 600 ] || fail "the key is open to others"
run luatee keygen class -o "$work/class.key"
exits 2
keys

begin "keygen with a passphrase"
run env LUATEE_PASSPHRASE=open "$LUATEE" keygen publisher --passphrase -o "$work/locked.pem"
exits 0
grep -q 'BEGIN ENCRYPTED PRIVATE KEY' "$work/locked.pem" || fail "the key is not encrypted"
fresh
run env LUATEE_PASSPHRASE=shut "$LUATEE" pack "$work/boxed" --key "$work/locked.pem" --class-key "$work/class.key"
exits 2
says locked.pem passphrase
has "$work/boxed" host/main.lua ta/one.lua ta/two.lua
run env LUATEE_PASSPHRASE=open "$LUATEE" pack "$work/boxed" --key "$work/locked.pem" --class-key "$work/class.key"
exits 0

begin "an encrypted key, and nobody to ask"
fresh
run setsid "$LUATEE" pack "$work/boxed" --key "$work/locked.pem" --class-key "$work/class.key" </dev/null
exits 2
mentions "there is no passphrase" LUATEE_PASSPHRASE
[ "$(grep -o 'Passphrase of' "$work/err" | wc -l)" -le 1 ] || fail "it is asked for twice"
printf 'shut\nopen\n' >"$work/typed"
run setsid "$LUATEE" pack "$work/boxed" --key "$work/locked.pem" --class-key "$work/class.key" <"$work/typed"
exits 2
[ "$(grep -o 'Passphrase of' "$work/err" | wc -l)" -eq 1 ] || fail "it is not asked for once"
tail -n 1 "$work/typed" >"$work/right"
run setsid "$LUATEE" pack "$work/boxed" --key "$work/locked.pem" --class-key "$work/class.key" <"$work/right"
exits 0

begin "keygen: usage"
run luatee keygen
exits 2
run luatee keygen dragon
exits 2
run luatee keygen class --passphrase
exits 2
run luatee keygen class -o "$work/a.key" -o "$work/b.key"
exits 2
mentions b.key twice
{ [ ! -e "$work/a.key" ] && [ ! -e "$work/b.key" ]; } || fail "a key was made"
run luatee keygen publisher -o "$work/none/key.pem"
exits 1

begin "pack with the development keys"
fresh
run luatee pack "$work/boxed"
exits 0
says "development keys" "$work/config/dev"
prints_like 'packed boxed, version 0, sequence 0: 2 scripts'
has "$work/boxed" host/main.lua manifest.luata ta/one.lua ta/one.luata ta/two.lua ta/two.luata
run luatee verify "$work/boxed" --key "$work/config/dev/publisher.pub"
exits 0
silent
[ "$(stat -c %a "$work/config/dev/publisher.pem")" = 600 ] || fail "the development key is open to others"

begin "the development keys are made once"
cp "$work/config/dev/publisher.pem" "$work/copy"
run luatee pack "$work/boxed"
exits 0
cmp -s "$work/config/dev/publisher.pem" "$work/copy" || fail "they were made again"

begin "half of the development keys is gone"
mv "$work/config/dev/publisher.pem" "$work/copy"
run luatee pack "$work/boxed"
exits 2
mentions "$work/config/dev/publisher.pub" publisher.pem remove
[ ! -e "$work/config/dev/publisher.pem" ] || fail "half was made anew"
rm "$work/config/dev/publisher.pub"
run luatee pack "$work/boxed"
exits 0
cmp -s "$work/config/dev/publisher.pem" "$work/copy" && fail "nothing was made anew"

begin "pack with keys of one's own"
fresh
packed
exits 0
silent
prints_like 'reader:    class key'
verified "$work/boxed"
exits 0
verified "$work/boxed/ta/one.luata"
exits 0
prints_like 'script one'
! grep -q "$secret" "$work/boxed/ta/one.luata" || fail "the package is not encrypted"

begin "pack for devices"
run luatee pack "$work/boxed" --key "$work/publisher.pem" --to "$work/other.pub" --to "$work/publisher.pub"
exits 0
[ "$(grep -c 'reader:    device' "$work/out")" -eq 2 ] || fail "not two devices"
cp "$work/other.pub" "$work/same.pub"
run luatee pack "$work/boxed" --key "$work/publisher.pem" --to "$work/other.pub" --to "$work/same.pub" --to "$work/other.pub"
exits 0
[ "$(grep -c 'reader:    device' "$work/out")" -eq 1 ] || fail "the same device is several readers"
run luatee inspect "$work/boxed/ta/one.luata"
[ "$(grep -c '^reader' "$work/out")" -eq 1 ] || fail "the same device is several recipients"

begin "pack into another folder"
fresh
packed --out "$work/elsewhere"
exits 0
has "$work/boxed" host/main.lua ta/one.lua ta/two.lua
has "$work/elsewhere" manifest.luata ta/one.luata ta/two.luata
verified "$work/elsewhere"
exits 0

begin "encrypt_lua is pack"
fresh
run "$(dirname "$LUATEE")/encrypt_lua" "$work/boxed/"
exits 0
prints_like 'packed boxed'

begin "--precompile"
packed --precompile
exits 0
prints_like 'Lua bytecode'
run luatee inspect --json "$work/boxed/ta/one.luata"
prints_like '"kind": "bytecode"'

begin "two packs differ in what is random, and in nothing else"
fresh
packed --out "$work/first"
packed --out "$work/second"
random='"bundle"\|"signature"\|"iv"'
for part in manifest ta/one ta/two; do
    luatee inspect --json "$work/first/$part.luata" >"$work/one"
    luatee inspect --json "$work/second/$part.luata" >"$work/two"
    grep "$random" "$work/one" >"$work/one.random"
    grep "$random" "$work/two" >"$work/two.random"
    [ "$(wc -l <"$work/two.random")" -eq 3 ] || fail "not three random values in $part"
    grep -qxFf "$work/one.random" "$work/two.random" && fail "a random value is the same in $part"
    grep -v "$random" "$work/one" >"$work/one.rest"
    grep -v "$random" "$work/two" >"$work/two.rest"
    cmp -s "$work/one.rest" "$work/two.rest" || fail "other differences in $part"
done

begin "pack is all or nothing: a script that does not compile"
fresh
packed
cp -r "$work/boxed" "$work/before"
script boxed two 'return ('
script boxed three 'return 3'
packed
exits 1
says "$work/boxed/ta/two.lua:2:"
rm -f "$work/boxed/ta/three.lua"
script boxed two 'return 2'
diff -r "$work/boxed" "$work/before" >"$work/found" || fail "something was written"
rm -rf "$work/before"

begin "pack is all or nothing: a file that cannot be replaced"
fresh
packed
cp "$work/boxed/manifest.luata" "$work/boxed/ta/one.luata" "$work"
rm "$work/boxed/ta/two.luata"
mkdir "$work/boxed/ta/two.luata"
packed
exits 1
says two.luata
cmp -s "$work/boxed/manifest.luata" "$work/manifest.luata" || fail "the manifest was replaced"
cmp -s "$work/boxed/ta/one.luata" "$work/one.luata" || fail "a package was replaced"
has "$work/boxed" host/main.lua manifest.luata ta/one.lua ta/one.luata ta/two.lua

begin "bytecode is not a script"
fresh
printf '\033Luac' >"$work/boxed/ta/one.lua"
packed
exits 1
says one.lua bytecode

begin "a package without a script is told"
fresh
packed
rm "$work/boxed/ta/two.lua"
packed
exits 0
says two.luata remove

# A script that is not packed would be missed on the device only.
begin "pack: names that no script can have"
long=$(printf 'x%.0s' 1 2 3 4 5 6 7 8)
long=$long$long$long$long$long$long$long$long
for name in 'two words' "${long}x" 'Ümlaut' 'a:b' 'semi;colon'; do
    fresh
    script boxed "$name" 'return 1'
    packed
    exits 2
    prints
    says "$work/boxed/ta/$name.lua: " name 64
    has "$work/boxed" host/main.lua ta/one.lua ta/two.lua "ta/$name.lua"
done
fresh
script boxed "$long" 'return 1'
packed
exits 0
prints_like ' 3 scripts'

begin "pack: scripts in folders below ta"
for below in sub sub/deeper/still two.words; do
    fresh
    mkdir -p "$work/boxed/ta/$below"
    script boxed "$below/x" 'return 1'
    packed
    exits 2
    says "$work/boxed/ta/$below/x.lua: " "ta/ itself"
done
[ -e "$work/boxed/manifest.luata" ] && fail "it was packed"

begin "pack: what is no script stays in peace"
fresh
mkdir -p "$work/boxed/ta/data" "$work/boxed/ta/.git/x"
: >"$work/boxed/ta/read me.txt"
: >"$work/boxed/ta/data/table.csv"
: >"$work/boxed/ta/.one.lua"
: >"$work/boxed/ta/one.lua~"
: >"$work/boxed/ta/.git/x/y.lua"
ln -s .. "$work/boxed/ta/data/circle"
packed
exits 0
prints_like ' 2 scripts'

begin "pack: usage"
fresh
run luatee pack
exits 2
run luatee pack "$work/none"
exits 2
says "$work/none"
run luatee pack "$work/boxed" extra
exits 2
run luatee pack "$work/boxed" --nonsense
exits 2
run luatee pack "$work/boxed" --key
exits 2
for option in key class-key out digest-only signature; do
    run luatee pack "$work/boxed" "--$option" "$work/first" "--$option" "$work/second"
    exits 2
    mentions second twice
done
[ ! -e "$work/second/manifest.unsigned" ] || fail "something was written"
run luatee pack "$work/boxed" --key "$work/none.pem" --class-key "$work/class.key"
exits 2
says none.pem
app hollow 'return 1'
run luatee pack "$work/hollow"
exits 2
says "no trusted scripts"

begin "pack: keys of the wrong kind"
fresh
run luatee pack "$work/boxed" --key "$work/class.key" --class-key "$work/class.key"
exits 2
says class.key
run luatee pack "$work/boxed" --key "$work/publisher.pem" --class-key "$work/publisher.pem"
exits 2
run luatee pack "$work/boxed" --key "$work/publisher.pem" --to "$work/other.pem"
exits 2
says other.pem private
run luatee pack "$work/boxed" --key "$work/publisher.pub" --class-key "$work/class.key"
exits 2
says publisher.pub sign
run luatee pack "$work/boxed" --key "$work/publisher.pem"
exits 2
says --class-key --to
has "$work/boxed" host/main.lua ta/one.lua ta/two.lua

begin "a signature from elsewhere: what has to be signed"
fresh
run luatee pack "$work/boxed" --key "$work/publisher.pub" --class-key "$work/class.key" --digest-only "$work/sign"
exits 0
silent
has "$work/boxed" host/main.lua ta/one.lua ta/two.lua
has "$work/sign" manifest.sha256 manifest.tbs manifest.unsigned ta/one.sha256 ta/one.tbs ta/one.unsigned ta/two.sha256 \
    ta/two.tbs ta/two.unsigned sources
(cd "$work/boxed" && grep ' ta/' "$work/sign/sources" | sha256sum -c) >"$work/found" 2>&1 ||
    fail "sources does not have the scripts' digests"
run luatee inspect "$work/sign/manifest.unsigned"
prints_like 'none yet'

# OpenSSL's program stands for the device that holds the key.
if command -v openssl >"$work/found"; then
    elsewhere() {
        run luatee pack "$work/boxed" --key "$work/publisher.pub" --signature "$work/sign"
    }

    begin "a signature from elsewhere: what belongs to the first step"
    for option in "--to $work/none.pub" "--class-key $work/class.key" --precompile; do
        # shellcheck disable=SC2086 # an option and its value
        run luatee pack "$work/boxed" --key "$work/publisher.pub" --signature "$work/sign" $option
        exits 2
        mentions "belong to --digest-only"
    done

    begin "a signature from elsewhere: missing"
    elsewhere
    exits 2
    says manifest.sig

    begin "a signature from elsewhere: DER of the whole, and of the digest"
    for part in manifest ta/one; do
        openssl dgst -sha256 -sign "$work/publisher.pem" -out "$work/sign/$part.sig" "$work/sign/$part.tbs"
    done
    openssl pkeyutl -sign -inkey "$work/publisher.pem" -in "$work/sign/ta/two.sha256" -out "$work/sign/ta/two.sig"
    elsewhere
    exits 0
    silent
    has "$work/boxed" host/main.lua manifest.luata ta/one.lua ta/one.luata ta/two.lua ta/two.luata
    verified "$work/boxed"
    exits 0

    begin "a signature from elsewhere: by another key than the packages name"
    find "$work/sign" -name '*.tbs' | while IFS= read -r part; do
        openssl dgst -sha256 -sign "$work/other.pem" -out "$work/other.${part##*/}" "$part"
    done
    cp -r "$work/sign" "$work/other.sign"
    for part in manifest ta/one ta/two; do
        mv "$work/other.${part##*/}.tbs" "$work/other.sign/$part.sig"
    done
    run luatee pack "$work/boxed" --key "$work/other.pub" --signature "$work/other.sign"
    exits 4
    says manifest.unsigned "another publisher key" --key
    verified "$work/boxed"
    exits 0

    begin "a signature from elsewhere: r and s"
    luatee inspect --json "$work/boxed/ta/one.luata" | sed -n 's/.*"signature": "\(.*\)",/\1/p' |
        /usr/bin/env python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' \
            >"$work/raw" 2>"$work/err"
    if [ "$(wc -c <"$work/raw")" -eq 64 ]; then
        mv "$work/raw" "$work/sign/ta/one.sig"
        elsewhere
        exits 0
        verified "$work/boxed"
        exits 0
    else
        skip "no python3 to make r and s of hexadecimal digits"
    fi

    begin "a signature from elsewhere: of another package, or by another key"
    fresh
    cp "$work/sign/ta/one.sig" "$work/sign/ta/two.sig"
    elsewhere
    exits 4
    says two.sig
    has "$work/boxed" host/main.lua ta/one.lua ta/two.lua
    openssl dgst -sha256 -sign "$work/other.pem" -out "$work/sign/ta/two.sig" "$work/sign/ta/two.tbs"
    elsewhere
    exits 4

    # What was signed is the app as it was, and it is the app as it is that gets packed.
    sign_all() {
        for part in manifest ta/one ta/two; do
            openssl dgst -sha256 -sign "$work/publisher.pem" -out "$work/sign/$part.sig" "$work/sign/$part.tbs"
        done
    }
    to_be_signed() {
        rm -rf "$work/sign"
        fresh
        run luatee pack "$work/boxed" --key "$work/publisher.pub" --class-key "$work/class.key" \
            --digest-only "$work/sign" "$@"
        exits 0
        sign_all
    }
    changed() {
        elsewhere
        exits 4
        says boxed "--digest-only" "$@"
        { [ ! -e "$work/boxed/manifest.luata" ] && [ ! -e "$work/boxed/ta/two.luata" ]; } || fail "it was packed"
    }

    begin "a signature from elsewhere: of an app as it is"
    to_be_signed
    elsewhere
    exits 0
    to_be_signed --precompile
    elsewhere
    exits 0
    prints_like '2 scripts and the manifest'

    begin "a signature from elsewhere: a script has changed since"
    to_be_signed
    script boxed one 'return 3'
    changed "ta/one.lua has changed"
    to_be_signed --precompile
    script boxed one 'return 3'
    changed "ta/one.lua has changed"

    begin "a signature from elsewhere: a script that does not compile any more"
    to_be_signed
    script boxed one 'return ('
    changed "ta/one.lua has changed"

    begin "a signature from elsewhere: a script has been added"
    to_be_signed
    script boxed three 'return 3'
    changed "ta/three.lua has been added"

    begin "a signature from elsewhere: a script is gone"
    to_be_signed
    rm "$work/boxed/ta/one.lua"
    changed "ta/one.lua is gone"
    rm "$work/boxed/ta/two.lua"
    changed "is gone"

    begin "a signature from elsewhere: of an app that has changed its sequence, or its permissions"
    to_be_signed
    manifest 'return { sequence = 1 }'
    changed "manifest has changed"
    manifest 'return { permissions = { storage = true } }'
    changed "manifest has changed"

    begin "a signature from elsewhere: packages of another time"
    to_be_signed
    cp "$work/sign/sources" "$work/copy"
    cp "$work/sign/ta/one.unsigned" "$work/sign/ta/one.sig" "$work"
    to_be_signed
    cp "$work/one.unsigned" "$work/one.sig" "$work/sign/ta"
    elsewhere
    exits 4
    says one.unsigned together
    to_be_signed
    cp "$work/sign/sources" "$work/copy"
    manifest 'return { sequence = 1 }'
    rm -rf "$work/sign"
    run luatee pack "$work/boxed" --key "$work/publisher.pub" --class-key "$work/class.key" --digest-only "$work/sign"
    sign_all
    rm "$work/boxed/manifest.lua"
    cp "$work/copy" "$work/sign/sources"
    elsewhere
    exits 4
    says .unsigned sequence

    begin "a signature from elsewhere: without the list of sources, or with another one"
    to_be_signed
    rm "$work/sign/sources"
    elsewhere
    exits 2
    says "$work/sign" sources "--digest-only"
    to_be_signed
    printf 'x' >>"$work/sign/sources"
    changed_file=$work/sign/sources
    elsewhere
    exits 4
    says "$changed_file" damaged
    to_be_signed
    sed -i 's/^0/1/; t; s/^./0/' "$work/sign/sources"
    changed "has changed"

    begin "a folder of an earlier --digest-only"
    to_be_signed
    run luatee pack "$work/boxed" --key "$work/publisher.pub" --class-key "$work/class.key" --digest-only "$work/sign"
    exits 2
    says manifest.sig "earlier"
    rm "$work/sign/manifest.sig"
    run luatee pack "$work/boxed" --key "$work/publisher.pub" --class-key "$work/class.key" --digest-only "$work/sign"
    exits 2
    says "$work/sign/ta/" .sig "earlier"
    rm "$work/sign/ta/one.sig" "$work/sign/ta/two.sig"
    cp -r "$work/sign" "$work/before"
    rm "$work/boxed/ta/one.lua"
    run luatee pack "$work/boxed" --key "$work/publisher.pub" --class-key "$work/class.key" --digest-only "$work/sign"
    exits 2
    says ta/one.unsigned "earlier"
    diff -r "$work/sign" "$work/before" >"$work/found" || fail "something was written"
    rm -rf "$work/before"
    script boxed one 'return 3'
    run luatee pack "$work/boxed" --key "$work/publisher.pub" --class-key "$work/class.key" --digest-only "$work/sign"
    exits 0
    sign_all
    elsewhere
    exits 0
else
    skip "signatures from elsewhere: there is no openssl here"
fi

begin "a manifest that is there and cannot be read"
fresh
ln -s nowhere "$work/boxed/manifest.lua"
run luatee pack "$work/boxed" --key "$work/publisher.pem" --class-key "$work/class.key"
exits 2
says "there is no $work/boxed/manifest.lua"
run luatee run -u --tee=sim "$work/boxed"
exits 2
says "there is no $work/boxed/manifest.lua"
has "$work/boxed" host/main.lua ta/one.lua ta/two.lua
rm "$work/boxed/manifest.lua"
mkdir "$work/boxed/manifest.lua"
run luatee pack "$work/boxed" --key "$work/publisher.pem" --class-key "$work/class.key"
exits 2
says "$work/boxed/manifest.lua"
rm -r "$work/boxed"

begin "the manifest's fields"
fresh
manifest 'return { name = "named", version = "2.1 \"beta\"", sequence = 7, memory = 131072, fuel = 1000,
    permissions = { storage = true, keys = false, load = true, host = { "confirm" } } }'
packed
exits 0
prints_like 'packed named, version 2.1 "beta", sequence 7'
run luatee inspect "$work/boxed/ta/one.luata"
exits 0
prints_like '^app  *named$'
prints_like '^version  *2.1 "beta"$'
prints_like '^sequence  *7$'
run luatee inspect "$work/boxed/ta/one.luata" --json
prints_like '"version": "2.1 \\"beta\\""'

# 64 digits.
id=$(printf '0123456789abcdef%.0s' 1 2 3 4)

begin "a manifest revokes publisher keys"
fresh
manifest "return { revoke = { '$id', '$(printf '%s' "$id" | tr 0a 1B)' } }"
packed
exits 0
run luatee verify "$work/boxed" --key "$work/publisher.pub"
exits 0

begin "a manifest does not revoke the key that signs it"
own=$(luatee inspect "$work/boxed/ta/one.luata" --json | sed -n 's/.*"publisher": "\([0-9a-f]*\)".*/\1/p')
manifest "return { revoke = { '$id', '$own' } }"
rm "$work/boxed/manifest.luata"
packed
exits 2
says revoke "the key that signs"
[ -e "$work/boxed/manifest.luata" ] && fail "it was packed"

# A manifest that is refused, with its line and a word of the reason: refused LINE WORD TEXT
refused() {
    manifest "$3"
    packed
    exits 2
    says "manifest.lua:$1:" "$2"
}

begin "manifests that are refused, with file and line"
fresh
refused 3 "versoin is not a field" "return {
    -- versoin: see below
    versoin = '1',
}"
refused 2 "permissions.network is not a field" "return { permissions = {
    network = true } }"
refused 2 "name must be" 'return {
    ["name"] = "../up" }'
refused 1 "version must be" 'return { version = 1 }'
refused 1 "version must be" 'return { version = "" }'
refused 1 "sequence must be" 'return { sequence = -1 }'
refused 1 "sequence must be" 'return { sequence = 1.0 }'
for bytes in -1 0 1 40000 65536 98304 131071 131072.0 12582913 1e9 9223372036854775807; do
    refused 1 "memory must be a number of bytes, an integer from 131072" "return { memory = $bytes }"
done
refused 1 "fuel must be" 'return { fuel = "1" }'
refused 1 "permissions must be" 'return { permissions = true }'
refused 1 "permissions.storage must be" 'return { permissions = { storage = 1 } }'
refused 1 "permissions.host must be" 'return { permissions = { host = "confirm" } }'
refused 1 "permissions.host must be" 'return { permissions = { host = { "no spaces" } } }'
refused 1 "permissions.host must be" 'return { permissions = { host = { "a", [3] = "c" } } }'
refused 1 "twice" 'return { permissions = { host = { "a", "a" } } }'
refused 1 "revoke must be" 'return { revoke = true }'
refused 1 "revoke must be" 'return { revoke = { 5 } }'
refused 1 "revoke must be" "return { revoke = { '${id#0}' } }"
refused 1 "revoke must be" "return { revoke = { '${id}0' } }"
refused 1 "revoke must be" "return { revoke = { '${id%f}g' } }"
refused 1 "revoke must be" "return { revoke = { '$id', [3] = '$id' } }"
refused 1 "revoke must be" "return { revoke = { first = '$id' } }"
refused 1 "twice" "return { revoke = { '$id', '$(printf '%s' "$id" | tr a-f A-F)' } }"
refused 4 "more than 16" "local ids = {}
for i = 1, 17 do ids[i] = '${id%??}' .. 10 + i end
return {
    revoke = ids }"
refused 1 "key" 'return { "name" }'
refused 1 "one table" 'return 1'
refused 1 "one table" 'local x = 1'
refused 1 "globals" 'return { name = boxed }'
refused 2 "globals" '
print "hello"'
refused 1 "globals" 'name = "boxed"'
refused 2 "near" 'return {{'
refused 1 "time" 'while true do end'
refused 1 "memory" 'local t = {} while true do t = { t, t } t[#t + 1] = ("x") end'
refused 1 bytecode "$(printf '\033Lua')"

begin "what is nested too deeply is told with its file"
fresh
deep=$(printf '%0250d' 0)
manifest "return $(printf '%s' "$deep" | tr 0 '{')"
packed
exits 2
says "$work/boxed/manifest.lua:" "overflow"
rm "$work/boxed/manifest.lua"
script boxed deep "return $(printf '%s' "$deep" | tr 0 '(')"
packed
exits 1
says "$work/boxed/ta/deep.lua:" "overflow"
fresh
manifest 'return 1'
has "$work/boxed" host/main.lua manifest.lua ta/one.lua ta/two.lua

begin "a folder that has no name for an app"
app 'a b' 'return 1'
script 'a b' one 'return 1'
run luatee pack "$work/a b"
exits 2
says manifest.lua

begin "inspect"
fresh
packed
run luatee inspect "$work/boxed/ta/two.luata"
exits 0
silent
prints_like '^script  *two (source)$'
prints_like '^reader  *class key [0-9a-f]\{32\} (A256KW)$'
run luatee inspect "$work/boxed/ta/two.lua"
exits 4
says two.lua refused
run luatee inspect "$work/none"
exits 2
run luatee inspect
exits 2

begin "verify: by another key"
run luatee verify "$work/boxed" --key "$work/other.pub"
exits 4
says manifest.luata "publisher key"
run luatee verify "$work/boxed"
exits 2
run luatee verify "$work/boxed" --key "$work/publisher.pem"
exits 2
says private
run luatee verify "$work/boxed" --key "$work/other.pub" --key "$work/publisher.pub"
exits 2
mentions publisher.pub twice

begin "verify: a renamed package"
mv "$work/boxed/ta/two.luata" "$work/boxed/ta/four.luata"
verified "$work/boxed"
exits 4
says four.luata "another script"

begin "verify: a package of another bundle"
fresh
packed
cp "$work/boxed/ta/one.luata" "$work/old"
packed
mv "$work/old" "$work/boxed/ta/one.luata"
verified "$work/boxed"
exits 4
says one.luata bundle

begin "verify: a package of another app"
app stranger 'return 1'
script stranger one 'return 1'
luatee pack "$work/stranger" --key "$work/publisher.pem" --class-key "$work/class.key" >"$work/out"
cp "$work/stranger/ta/one.luata" "$work/boxed/ta/one.luata"
verified "$work/boxed"
exits 4
says one.luata app

begin "verify: a package that could never run"
fresh
packed
cp "$work/boxed/ta/one.luata" "$work/boxed/ta/a b.luata"
verified "$work/boxed"
exits 2
says "$work/boxed/ta/a b.luata: " name
rm "$work/boxed/ta/a b.luata"
mkdir "$work/boxed/ta/sub"
mv "$work/boxed/ta/one.luata" "$work/boxed/ta/sub"
verified "$work/boxed"
exits 2
says "$work/boxed/ta/sub/one.luata: " "ta/ itself"

begin "verify: a manifest alone"
fresh
packed
rm "$work/boxed/ta/one.luata" "$work/boxed/ta/two.luata"
verified "$work/boxed"
exits 4
prints
says "$work/boxed" "no package of a script"
rm -r "$work/boxed/ta"
verified "$work/boxed"
exits 4
fresh

begin "verify: no manifest"
packed
rm "$work/boxed/manifest.luata"
verified "$work/boxed"
exits 2
says manifest.luata

begin "verify: a changed package"
packed
size=$(wc -c <"$work/boxed/ta/one.luata")
head -c $((size - 1)) "$work/boxed/ta/one.luata" >"$work/short"
verified "$work/short"
exits 4
says "ends too early"
{ cat "$work/short"; printf 'x'; } >"$work/changed"
cmp -s "$work/changed" "$work/boxed/ta/one.luata" || {
    verified "$work/changed"
    exits 4
    says signature
}

unset LUATEE_CONFIG
