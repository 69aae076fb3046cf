# SPDX-License-Identifier: BSD-2-Clause
# The services of the TEE against OpenSSL's program: what one makes the other understands.
# On OP-TEE with LUATEE_TESTS=all: it takes minutes in QEMU, and tests/lua/peer is quicker.

if ! command -v openssl >/dev/null 2>&1; then
    skip "services against OpenSSL: no openssl here"
else
    app crypto '
        local service, out = ..., arg[2]
        local function read(path) local f = assert(io.open(path, "rb")) local s = f:read("a") f:close() return s end
        local arguments = {}
        for i = 3, #arg do arguments[#arguments + 1] = arg[i]:match("^@") and read(arg[i]:sub(2)) or arg[i] end
        local f = assert(io.open(out, "wb"))
        assert(f:write((assert(TA_call("run", service, table.unpack(arguments))))))
        f:close()'
    script crypto run '
        local path = ...
        local at = tee
        for name in path:gmatch("[^.]+") do at = at[name] end
        local arguments = {select(2, ...)}
        for i, a in ipairs(arguments) do arguments[i] = a:match("^%d+$") and #a < 9 and math.tointeger(a) or a end
        return at(table.unpack(arguments))'

    # service PATH OUTPUT ARG...: an ARG that begins with @ is a file, one of digits a number
    service() {
        run luatee run "--tee=$BACKEND" -u "$work/crypto" "$@"
        exits 0
    }
    same() {
        cmp -s "$1" "$2" || fail "$3: $1 and $2 differ"
    }

    # hex FILE [SIZE]: its first bytes as digits
    hex() {
        head -c "${2:-32}" "$1" | od -An -v -tx1 | tr -d ' \n'
    }

    openssl rand 32 >"$work/key"
    openssl rand 100003 >"$work/text"
    key=$(hex "$work/key")

    begin "digests are OpenSSL's"
    for hash in sha256 sha384 sha512 sha3-256 sha3-384 sha3-512; do
        service digest "$work/ours" $hash "@$work/text"
        openssl dgst -$hash -binary "$work/text" >"$work/theirs"
        same "$work/ours" "$work/theirs" $hash
    done

    begin "HMACs are OpenSSL's"
    for hash in sha1 sha256 sha384 sha512; do
        service mac "$work/ours" $hash "@$work/key" "@$work/text"
        openssl dgst -$hash -mac HMAC -macopt "hexkey:$key" -binary "$work/text" >"$work/theirs"
        same "$work/ours" "$work/theirs" $hash
    done

    begin "HKDF and PBKDF2 are OpenSSL's"
    for hash in sha1 sha256 sha384 sha512; do
        service kdf.hkdf "$work/ours" $hash "@$work/key" salt info 100
        openssl kdf -keylen 100 -kdfopt digest:$hash -kdfopt "hexkey:$key" -kdfopt salt:salt -kdfopt info:info -binary HKDF \
            >"$work/theirs"
        same "$work/ours" "$work/theirs" "hkdf-$hash"
        service kdf.pbkdf2 "$work/ours" $hash password saltsalt 1001 100
        openssl kdf -keylen 100 -kdfopt digest:$hash -kdfopt pass:password -kdfopt salt:saltsalt -kdfopt iter:1001 \
            -kdfopt pkcs5:1 -binary PBKDF2 >"$work/theirs"
        same "$work/ours" "$work/theirs" "pbkdf2-$hash"
    done

    for size in 16 24 32; do
        head -c $size "$work/key" >"$work/short"
        digits=$(hex "$work/short")
        for mode in cbc ctr; do
            begin "AES-$mode, $size bytes: OpenSSL decrypts what the TEE encrypted, and the other way round"
            service cipher.encrypt "$work/ours" aes-$mode "@$work/short" "@$work/text"
            iv=$(hex "$work/ours" 16)
            tail -c +17 "$work/ours" >"$work/body"
            openssl enc -d -aes-$((8 * size))-$mode -K "$digits" -iv "$iv" -in "$work/body" -out "$work/theirs" ||
                fail "openssl refuses it"
            same "$work/text" "$work/theirs" decrypted
            openssl enc -aes-$((8 * size))-$mode -K "$digits" -iv "$iv" -in "$work/text" -out "$work/theirs"
            same "$work/body" "$work/theirs" encrypted
            { head -c 16 "$work/ours"; cat "$work/theirs"; } >"$work/both"
            service cipher.decrypt "$work/ours" aes-$mode "@$work/short" "@$work/both"
            same "$work/text" "$work/ours" "decrypted in the TEE"
        done
    done

    begin "base64 is OpenSSL's"
    service base64.encode "$work/ours" "@$work/text"
    openssl base64 -A -in "$work/text" >"$work/theirs"
    same "$work/ours" "$work/theirs" base64
    service base64.decode "$work/ours" "@$work/theirs"
    same "$work/ours" "$work/text" "base64, decoded"
fi
