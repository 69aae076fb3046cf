# SPDX-License-Identifier: BSD-2-Clause
# examples/totp: one-time passwords whose secrets stay in the TEE.

totp() {
    run luatee run ${quick:+"$quick"} "--tee=$BACKEND" "$work/cli_totp" "$@"
}

# What an authenticator shows: another implementation, of RFC 6238 with OpenSSL. phone SECRET_BASE32 TIME
phone() {
    key=$(echo "$1" | awk 'BEGIN { for (power[0] = i = 1; i < 10; i++) power[i] = 2 * power[i - 1] } {
        for (i = 1; i <= length($0); i++) {
            v = v * 32 + index("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", substr($0, i, 1)) - 1
            for (bits += 5; bits >= 4; v %= power[bits]) {
                bits -= 4
                printf "%x", int(v / power[bits])
            }
        }
    }')
    octal=
    for shift in 56 48 40 32 24 16 8 0; do octal=$octal$(printf '\\%03o' $(($2 / 30 >> shift & 255))); done
    # shellcheck disable=SC2059 # eight bytes
    mac=$(printf "$octal" | openssl dgst -sha1 -mac HMAC -macopt "hexkey:$key" -binary |
        od -An -v -tx1 | tr -d ' \n')
    at=$((0x${mac#"${mac%?}"} * 2 + 1))
    printf '%06d' $(((0x$(printf %s "$mac" | cut -c "$at-$((at + 7))") & 0x7fffffff) % 1000000))
}

begin "totp: it packs"
example totp "$(date +%s)"

begin "totp: the vectors of RFC 6238"
cp -Rp "$work/cli_totp" "$work/cli_vectors"
cat >"$work/cli_vectors/host/main.lua" <<'LUA'
local totp, checked = require "tee".import "totp", 0
local DIGITS = "12345678901234567890123456789012345678901234567890123456789012345678901234567890"
local base32 = dofile(arg[0]:gsub("host/main.lua$", "ta/base32.lua"), nil)
local times = {59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000}
local vectors = {
    SHA1 = {20, "94287082", "07081804", "14050471", "89005924", "69279037", "65353130"},
    SHA256 = {32, "46119246", "68084774", "67062674", "91819424", "90698825", "77737706"},
    SHA512 = {64, "90693936", "25091201", "99943326", "93441116", "38618901", "47863826"},
}
for _, account in ipairs(totp.list()) do totp.remove(account.name) end   -- what an older run has left
for algorithm, codes in pairs(vectors) do
    totp.remove("rfc")
    assert(totp.import("rfc", base32.encode(DIGITS:sub(1, codes[1])), algorithm, 8))
    for i = #times, 1, -(...) do
        local code = assert(totp.code("rfc", times[i]))
        assert(code == codes[i + 1], algorithm .. " at " .. times[i] .. ": " .. code)
        checked = checked + 1
    end
end
totp.remove("rfc")

-- Base32: RFC 4648, section 10, and what is none.
for bytes, text in pairs {[""] = "", f = "MY======", fo = "MZXQ====", foo = "MZXW6===", foob = "MZXW6YQ=",
    fooba = "MZXW6YTB", foobar = "MZXW6YTBOI======"} do
    assert(base32.encode(bytes) == text:gsub("=", ""))
    assert(base32.decode(text:lower()) == bytes and base32.decode((text:gsub("...", "%0 "))) == bytes)
end
for _, text in ipairs {"M", "MZ1", "MZXW6YTBA", "MY=A", "MZ", "\0\0", "MZX", "ÄÄ"} do
    assert(not base32.decode(text), text)
end

-- Arguments that nobody sane sends.
local function refused(f, ...)
    local ok, result = pcall(f, ...)
    assert(not ok or result == nil)
end
for _, name in ipairs {"", "a b", "../x", ("n"):rep(33), "a.b", "a\0", 1, {}, true} do
    refused(totp.enrol, name)
    refused(totp.code, name, 0)
    refused(totp.verify, name, "000000", 0)
    refused(totp.remove, name)
end
for _, time in ipairs {-1, 1.5, "59", 1 << 40, math.mininteger, {}} do refused(totp.code, "rfc", time) end
for _, secret in ipairs {"", "MY", "not base32!", ("A"):rep(257), 5, {}} do refused(totp.import, "rfc", secret) end
for _, digits in ipairs {0, 5, 7, 9, 1e300, "6", {}} do refused(totp.import, "rfc", ("A"):rep(32), "SHA1", digits) end
refused(totp.import, "rfc", ("A"):rep(32), "MD5")
assert(#totp.list() == 0)
return checked
LUA
# All six, or on OP-TEE, where each takes some hundred milliseconds, every fourth.
[ "$BACKEND" = sim ] && each=1 || each=4
run luatee run ${quick:+"$quick"} "--tee=$BACKEND" "$work/cli_vectors" "$each"
exits 0
silent
prints $((each == 1 ? 18 : 6))

begin "totp: a phone's code is right, once"
totp enrol alice
exits 0
silent
prints_like '^otpauth://totp/luatee:alice?secret=[A-Z2-7]\{32\}&issuer=luatee&algorithm=SHA1&digits=6&period=30$'
secret=$(sed 's/.*secret=\([A-Z2-7]*\).*/\1/' "$work/out")
totp list
prints "check${tab}alice"
# The phone is another account here, which makes codes of the same secret.
totp import rfc "$secret"
totp code rfc 1000000000
code=$(cat "$work/out")
if command -v openssl >/dev/null 2>&1; then
    [ "$(phone "$secret" 1000000000)" = "$code" ] || fail "OpenSSL makes another code of it"
fi
totp verify alice "$code" 1000000060
exits 1
says "wrong code"
totp verify alice "$code" 1000000029
exits 0
prints right
totp verify alice "$code" 1000000000
exits 1
prints
says "wrong code"

begin "totp: a hostile host"
totp attack
exits 0
silent
prints_like '^ask for the secret again: there is an account victim already$'
prints_like '^replace the secret by our own: nothing gained$'
prints_like "^have the TEE make the phone's code: there is no account victim"
prints_like '^look for a function that returns the key: nothing gained$'
prints_like '^use a code again, with the clock turned back: nothing gained$'
prints_like '^use the code before it: nothing gained$'
prints_like '^guess: locked after 10 wrong codes'
prints_like '^a right code after the guesses: locked after 10 wrong codes'
prints_like "^look for it in the files of the TEE's storage: not in [1-9][0-9]* files$"

begin "totp: another app, of another name, finds no such account"
cp -Rp "$work/cli_totp" "$work/cli_thief"
sed -i 's/name = "cli_totp"/name = "cli_thief"/' "$work/cli_thief/manifest.lua"
printf '%s\n' 'return tee.key.open("check.6.alice"), #tee.key.list()' >"$work/cli_thief/ta/steal.lua"
printf '%s\n' 'return TA_call("steal")' >"$work/cli_thief/host/main.lua"
pack_example thief
run luatee run ${quick:+"$quick"} "--tee=$BACKEND" "$work/cli_thief"
exits 0
prints "nil${tab}0"

begin "totp: nor does its script run in this app"
cp "$work/cli_thief/ta/steal.luata" "$work/cli_totp/ta/totp.luata"
run luatee run "--tee=$BACKEND" "$work/cli_totp" list
exits 4
prints
mentions "'totp'" "another app"
pack_example totp

begin "totp: an account is removed"
totp remove rfc
exits 0
prints
totp list
prints "check${tab}alice"

begin "totp: what is no import, and what is no command"
totp import no JBSWY3DPEHPK3PXP SHA1 six
exits 1
says "codes have 6 or 8 digits"
totp import no JBSWY3DPEHPK3PXP SHA1 7
exits 1
says "codes have 6 or 8 digits"
totp import no JBSWY3DP
exits 1
says "invalid hmac-sha1 key: wrong size; 80 to 512 bits"
for none in "" enrol verify "verify alice" import "import alice" code remove nothing; do
    # shellcheck disable=SC2086 # words
    totp $none
    exits 2
    prints
    mentions "totp enrol NAME"
done
totp list
prints "check${tab}alice"

if [ "$BACKEND" = sim ]; then
    begin "totp: an attack that searches nothing is a failure, and an empty variable is none"
    mkdir -p "$work/empty"
    mkdir -p "$work/home/.local/state/luatee/sim"
    state=$LUATEE_SIM_STATE
    env -u LUATEE_SIM_STATE XDG_STATE_HOME= HOME="$work/home" "$LUATEE" run "--tee=$BACKEND" "$work/cli_totp" attack \
        >"$work/out" 2>"$work/err"
    prints_like "^look for it in the files of the TEE's storage: not in [1-9][0-9]* files$"
    sed -i "s|^    local state = .*|    local state = '$work/empty' or|" "$work/cli_totp/host/attack.lua"
    totp attack
    exits 1
    prints_like "^look for it in the files of the TEE's storage: FAILED: no files in"
    LUATEE_SIM_STATE=$state

    # Each step of an enrolment: afterwards the account is there as a whole, or can be enrolled.
    for fault in full cut; do
        begin "totp: storage is $fault in the middle of an enrolment"
        step=1
        status=1
        while [ "$status" -ne 0 ] && [ "$step" -lt 40 ]; do
            run env LUATEE_SIM_STORAGE_FAULT="$fault $step" "$LUATEE" run "--tee=$BACKEND" "$work/cli_totp" enrol half
            [ "$status" -ne 0 ] || break
            prints
            if totp list && grep -q half "$work/out"; then
                totp verify half 000000 59
                says "wrong code"
                totp remove half
                exits 0
            else
                totp verify half 000000 59
                exits 1
            fi
            totp enrol half
            exits 0
            prints_like '^otpauth://totp/luatee:half'
            totp verify half 000000 59
            says "wrong code"
            totp enrol half
            says "there is an account half already"
            totp remove half
            exits 0
            step=$((step + 1))
            status=1
        done
        [ "$step" -gt 3 ] && [ "$step" -lt 40 ] || fail "$step steps"
        totp remove half
        totp list
        prints "check${tab}alice"
    done
fi

begin "totp: an account whose key is damaged is told, and removed"
objects >"$work/objects"
totp enrol broken
damage_since "$work/objects"
totp verify broken 000000 59
exits 1
mentions "is damaged"
totp enrol broken
exits 1
mentions "is damaged"
