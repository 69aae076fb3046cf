-- SPDX-License-Identifier: BSD-2-Clause
-- tee.key: published vectors, edges, what keys may do, what is refused. What keys store: suite_key_store.

local service = require "service"
local test = require "test"
local vectors = require "key_vectors"
local case, equal, raises_text, hex = test.case, test.equal, test.raises_text, service.from_hex

local tee = test.tee

-- In QEMU, looking for the primes of one RSA key takes a minute, and its private operation a second.
local SLOW = test.slow
local STEP = SLOW and 8 or 1

-- Takes "nil, message" for what it is.
local function refused(words, source, ...)
    local value, why = tee(source, ...)
    equal(value, nil)
    test.contains(why, words)
end

-- A public key of Ed25519.
local PUBLIC = hex "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"

local IMPORT = "return tee.key.import(...)"

case("Ed25519: RFC 8032, section 7.1, tests 1 to 3; the public key is computed", function()
    for _, v in ipairs {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155" ..
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" ..
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac" ..
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    } do
        local seed, public, message, signature = hex(v[1]), hex(v[2]), hex(v[3]), hex(v[4])
        test.results(table.pack(tee([[
            local seed, public, message, signature = ...
            local key = assert(tee.key.import {type = "ed25519", raw = seed})
            local other = assert(tee.key.import {type = "ed25519", public = public})
            return key:public("raw"), key:sign(message), other:verify(message, signature),
                other:verify(message .. "x", signature)]], seed, public, message, signature)),
            public, signature, true, false)
        for damaged in service.damaged(message == "" and signature or "", STEP) do
            equal(tee([[
                local public, message, signature = ...
                return tee.key.import {type = "ed25519", public = public}:verify(message, signature)]],
                public, message, damaged), false)
        end
    end
end)

case("Ed25519: what is no public key, or one that anybody can sign for; signatures that could be two", function()
    local import = "return (tee.key.import {type = 'ed25519', public = ...})"
    for _, bad in ipairs {
        ("3d"):rep(32), ("ff"):rep(32), "02" .. ("00"):rep(31), -- no points
        "01" .. ("00"):rep(31), "ec" .. ("ff"):rep(30) .. "7f", ("00"):rep(32), ("00"):rep(31) .. "80",
            -- of order 1, 2, 4
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", -- of order 8
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "ee" .. ("ff"):rep(30) .. "7f", "ed" .. ("ff"):rep(30) .. "7f", -- not below the prime
    } do
        equal(tee(import, hex(bad)), nil, bad)
    end
    -- S and S + L: the same signature twice, were it not for a check.
    local L = hex "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"
    local good, bad = tee([[
        local L = ...
        local key = tee.key.generate {type = "ed25519"}
        local signature, carry = key:sign("message"), 0
        local more = signature:sub(33):gsub("()(.)", function(i, c)
            carry = carry + c:byte() + L:byte(i)
            local byte = string.char(carry & 255)
            carry = carry >> 8
            return byte
        end)
        return key:verify("message", signature), key:verify("message", signature:sub(1, 32) .. more)]], L)
    equal(good, true)
    equal(bad, false)
end)

case("ECDSA: RFC 6979, sections A.2.5 and A.2.6", function()
    for _, v in ipairs {
        {"ecdsa-p256", "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6" ..
            "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716" ..
            "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"},
        {"ecdsa-p384",
            "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A254515480BC13" ..
            "8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1288B231C3AE0D4FE7344FD2533264720",
            "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46" ..
            "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8"},
    } do
        local verify = [[
            local type, point, signature, form = ...
            return tee.key.import {type = type, public = "\4" .. point}:verify("sample", signature, form)]]
        local signature = hex(v[3])
        equal(tee(verify, v[1], hex(v[2]), signature, "raw"), true)
        equal(tee(verify, v[1], hex(v[2]), signature:sub(2) .. "x", "raw"), false)
        local nought, half = ("\0"):rep(#signature // 2), #signature // 2
        -- Zero, the order, all ones; one byte less, one more, nothing.
        local order = hex(v[1] == "ecdsa-p256" and "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551" or
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973")
        for _, bad in ipairs {
            nought .. signature:sub(half + 1), signature:sub(1, half) .. nought, nought .. nought,
            order .. signature:sub(half + 1), signature:sub(1, half) .. order, ("\xff"):rep(2 * half),
            signature:sub(1, -2), signature .. "\0", "",
        } do
            equal(tee(verify, v[1], hex(v[2]), bad, "raw"), false)
            equal(tee(verify, v[1], hex(v[2]), bad), false)
        end
    end
end)

-- A number in DER.
local function der_number(bytes)
    bytes = bytes:gsub("^\0+", "")
    if bytes == "" or bytes:byte() >= 0x80 then bytes = "\0" .. bytes end
    return "\2" .. string.char(#bytes) .. bytes
end

case("signatures in DER have one encoding", function()
    local verify = [[
        local pem, der = ...
        return tee.key.import {type = "ecdsa-p256", pem = pem}:verify("sample", der)]]
    local good, public = vectors.ecdsa_signature, tee("return tee.key.import {type = 'ecdsa-p256', pem = ...}:public()",
        vectors.ecdsa)
    equal(tee(verify, public, good), true)
    local r = good:sub(5, 4 + good:byte(4))
    local s = good:sub(7 + good:byte(4))
    equal(tee(verify, public, "\x30" .. string.char(#r + #s + 4) .. der_number(r) .. der_number(s)), true)
    for _, bad in ipairs {
        good .. "\0", good:sub(1, -2), "\x31" .. good:sub(2), "\x30\x81" .. good:sub(2),
        "\x30" .. string.char(#r + #s + 5) .. "\2" .. string.char(#r + 1) .. "\0" .. r .. der_number(s),
        "\x30" .. string.char(#r + 2) .. der_number(r), "\x30\x80" .. der_number(r) .. der_number(s) .. "\0\0",
        "\x30\x06\2\1\0\2\1\0", "\x30\x06\2\1\xff\2\1\1", "\x30\x04\2\0\2\0", "\x30", "", r .. s,
        "\x30" .. string.char(#r + #s + 4) .. der_number(r) .. der_number(s) .. "x",
        "\x30\x48\2\x21" .. ("\1"):rep(33) .. "\2\x23" .. ("\1"):rep(35),
    } do
        equal(tee(verify, public, bad), false, service.to_hex(bad))
    end
    for damaged in service.damaged(good, STEP) do equal(tee(verify, public, damaged), false) end
end)

case("what a key signs, it verifies: every type, and its public half; no other data, no other key", function()
    for _, type in ipairs {"ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-pss", not SLOW and "rsa-pkcs1" or nil} do
        local out = table.pack(tee([[
            local type, pem = ...
            local size = type:find("rsa") and 2048 or nil
            local key = pem and tee.key.import {type = type, pem = pem} or tee.key.generate {type = type, size = size}
            local public = tee.key.import {type = type, pem = key:public()}
            local der = tee.key.import {type = type, der = key:public("der")}
            local cose = tee.key.import {type = type, cose = key:public("cose")}
            local message = ("m"):rep(4096)
            local signature = key:sign(message)
            return key:verify(message, signature), public:verify(message, signature), der:verify(message, signature),
                cose:verify(message, signature), public:verify("other", signature), public:verify(message, ""),
                public:verify(message, signature .. "x"), public:verify(message, signature:sub(2)), public.secret,
                key.secret, public:public() == key:public()]], type,
                    SLOW and type:find("rsa") and vectors.rsa or nil))
        test.results(out, true, true, true, true, false, false, false, false, false, true, true)
    end
end)

case("RSA: what OpenSSL signed and encrypted", function()
    equal(tee([[return tee.key.import {type = "rsa-pkcs1", pem = ...}:sign("sample")]], vectors.rsa), vectors.pkcs1)
    for type, signature in pairs {["rsa-pkcs1"] = vectors.pkcs1, ["rsa-pss"] = vectors.pss} do
        local verify = [[
            local type, pem, signature = ...
            return tee.key.import {type = type, pem = pem}:verify("sample", signature)]]
        equal(tee(verify, type, vectors.rsa_public, signature), true)
        if not SLOW then equal(tee(verify, type, vectors.rsa, signature), true) end
        for _, bad in ipairs {
            signature:sub(2), signature .. "\0", "\0" .. signature, ("\xff"):rep(256), ("\0"):rep(256), "",
            signature:sub(1, 255) .. string.char(signature:byte(256) ~ 1),
        } do
            equal(tee(verify, type, vectors.rsa_public, bad), false)
        end
        -- A key is for one scheme.
        equal(tee(verify, type == "rsa-pss" and "rsa-pkcs1" or "rsa-pss", vectors.rsa_public, signature), false)
    end
    local bad = {
        vectors.oaep:sub(2), vectors.oaep .. "\0", "\0" .. vectors.oaep, "", vectors.oaep:sub(1, 255) .. "\0",
    }
    if not SLOW then
        table.move({("\xff"):rep(256), ("\0"):rep(256), ("\0"):rep(255) .. "\1", vectors.pkcs1}, 1, 4, #bad + 1, bad)
    end
    local text, values, reasons = tee([[
        local pem, good, bad = ...
        local key, values, reasons = tee.key.import {type = "rsa-oaep", pem = pem}, 0, {}
        for i, box in ipairs(bad) do
            local text, why = key:decrypt(box)
            if text ~= nil then values = values + 1 end
            reasons[i] = why
        end
        return key:decrypt(good), values, reasons]], vectors.rsa, vectors.oaep, bad)
    equal(text, "sample")
    equal(values, 0)
    for i = 1, #bad do test.contains(reasons[i], "not encrypted for this key") end
end)

case("RSA-OAEP: the longest text, the shortest, and one that is too long", function()
    test.results(table.pack(tee([[
        local key = tee.key.import {type = "rsa-oaep", pem = ...}
        local public = tee.key.import {type = "rsa-oaep", pem = key:public()}
        local long = ("x"):rep(2048 // 8 - 66)
        local ok, why = pcall(public.encrypt, public, long .. "x")
        return #public:encrypt(""), key:decrypt(public:encrypt("")), key:decrypt(public:encrypt(long)) == long,
            public:encrypt("a") ~= public:encrypt("a"), ok, why:find("190 bytes at most") ~= nil]], vectors.rsa)),
        256, "", true, true, false, true)
    raises_text("RSA has no associated data", tee,
        "return tee.key.import {type = 'rsa-oaep', pem = ...}:encrypt('a', 'b')", vectors.rsa_public)
end)

case("RSA keys that are invalid, too small or too large are rejected", function()
    refused("invalid rsa-pss key", IMPORT, {type = "rsa-pss", pem = vectors.rsa_1024})
    refused("invalid rsa-pss key", IMPORT, {type = "rsa-pss", pem = vectors.rsa_8192})
    local function cose(n, e, d)
        local function bytes(s) return "\x59" .. string.pack(">s2", s) end
        local function short(s) return #s < 24 and string.char(0x40 + #s) .. s or #s < 256 and "\x58" ..
            string.pack("s1", s) or
            bytes(s) end
        return (d and "\xa4" or "\xa3") .. "\1\3\x20" .. short(n) .. "\x21" .. short(e) .. (d and "\x22" ..
            short(d) or "")
    end
    local odd = "\xc0" .. ("\x11"):rep(254) .. "\x0b"
    local make = [[
        local type, key = ...
        local k, why = tee.key.import {type = type, cose = key}
        return k and k.size, why]]
    equal(tee(make, "rsa-pkcs1", cose(odd, "\1\0\1")), 2048)
    for _, bad in ipairs {
        cose(odd, ""), cose(odd, "\1"), cose(odd, "\2"), cose(odd, "\1\0\0\0\1"), cose(odd, "\0\1"),
        cose(odd:sub(1, 255) .. "\2", "\1\0\1"), cose("\x7f" .. odd:sub(2), "\1\0\1"), cose(odd:sub(1, 255), "\1\0\1"),
        cose("", "\3"), cose(odd, "\1\0\1", odd), cose(odd, "\1\0\1", "\1" .. odd), cose(odd, "\1\0\1", "\5"),
        -- 3 divides the modulus.
        cose(("\xff"):rep(255) .. "\xff", "\1\0\1", "\5"),
    } do
        refused("invalid rsa-pkcs1 key", make, "rsa-pkcs1", bad)
    end
end)

case("AES: what is sealed is opened; with associated data; nothing that was changed", function()
    for _, size in ipairs {128, 192, 256} do
        test.results(table.pack(tee([[
            local key = tee.key.generate {type = "aes", size = ..., extractable = true}
            local box, bound = key:encrypt("text"), key:encrypt("text", "aad")
            -- The form is that of tee.aead.
            return key.size, #key:export(), #box, key:decrypt(box), key:decrypt(bound, "aad"), key:decrypt(bound),
                tee.aead.open("aes-gcm", key:export(), bound, "aad"),
                key:decrypt(tee.aead.seal("aes-gcm", key:export(), "other")), key:decrypt(key:encrypt("")),
                key:encrypt("text") ~= box]], size)),
            size, size // 8, 32, "text", "text", nil, "text", "other", "", true)
    end
    equal(tee([[
        local key = tee.key.generate {type = "aes"}
        local box, wrong = key:encrypt("text"), 0
        for i = 1, #box do
            local other = box:sub(1, i - 1) .. string.char(box:byte(i) ~ 1 << i % 8) .. box:sub(i + 1)
            local text, why = key:decrypt(other)
            if text ~= nil or why ~= "not authentic" then wrong = wrong + 1 end
        end
        for i = 0, #box - 1 do if key:decrypt(box:sub(1, i)) then wrong = wrong + 1 end end
        return wrong]]), 0)
end)

case("HMAC: RFC 4231, test 2; RFC 6238's secret; short keys and their limits", function()
    local mac = [[
        local type, raw, data = ...
        local key = tee.key.import {type = type, raw = raw}
        local mac = key:mac(data)
        return tee.hex.encode(mac), key:verify(data, mac), key:verify(data, mac:sub(2)), key:verify(data .. "x", mac),
            key:verify(data, ""), key:verify(data, ("x"):rep(100)), key.size]]
    test.results(table.pack(tee(mac, "hmac-sha1", "12345678901234567890", "\0\0\0\0\0\0\0\1")),
        "75a48a19d4cbe100644e8ac1397eea747a2d33ab", true, false, false, false, false, 160)
    for _, bits in ipairs {1, 256, 384, 512} do
        local name = "sha" .. bits
        for _, size in ipairs {10, 16, 20, 24, 31, 32, 48, 63, 64, bits > 256 and 128 or 64} do
            local key = service.count(1, size)
            test.results(table.pack(tee(mac, "hmac-" .. name, key, "what do ya want for nothing?")),
                service.to_hex(service.mac(name, key, "what do ya want for nothing?")), true, false, false, false,
                    false,
                size * 8)
        end
        refused("wrong size", IMPORT, {type = "hmac-" .. name, raw = ("k"):rep(9)})
        refused("wrong size", IMPORT, {type = "hmac-" .. name, raw = ("k"):rep(bits > 256 and 129 or 65)})
    end
    for _, size in ipairs {0, 15, 17, 31, 33, 64} do
        refused("wrong size", IMPORT, {type = "aes", raw = ("k"):rep(size)})
    end
end)

case("derive from a secret key: RFC 5869, A.1, its PRK", function()
    equal(tee([[
        local prk, info = ...
        local key = tee.key.import {type = "hmac-sha256", raw = prk, usage = {"derive"}}
        return key:derive {type = "hmac-sha256", size = 42 * 8, info = info, extractable = true}:export()]],
        hex "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5", service.count(0xf0, 10)),
        hex "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    local from = "local key = tee.key.generate {type = 'hmac-sha256', usage = {'derive'}} return key:derive(...)"
    raises_text("option 'salt' is for key agreement", tee, from, {type = "aes", salt = "s"})
    raises_text("option 'type'", tee, from, {type = "ed25519"})
    raises_text("option 'type'", tee, from, {type = "hmac-sha1", size = 80})
    raises_text("unknown option 'inof'", tee, from, {type = "aes", inof = "s"})
    raises_text("option 'info': a string expected", tee, from, {type = "aes", info = 1})
    raises_text("at least 256 bits expected", tee, [[
        local key = tee.key.import {type = "hmac-sha256", raw = ("k"):rep(31), usage = {"derive"}}
        return key:derive {type = "aes"}]])
    test.results(table.pack(tee([[
        local key = tee.key.generate {type = "hmac-sha512", usage = {"derive"}}
        local a, b = key:derive {type = "aes", info = "a"}, key:derive {type = "aes", info = "b"}
        local again = key:derive {type = "aes", info = "a", usage = {"decrypt"}}
        return again:decrypt(a:encrypt("text")), again:decrypt(b:encrypt("text")), a.extractable]])), "text", nil,
            false)
end)

case("X25519: RFC 7748, section 6.1", function()
    local b = hex "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
    equal(service.to_hex(tee("return tee.key.import {type = 'x25519', raw = ...}:public('raw')", b)),
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
    local shared = tee([[
        local raw, peer = ...
        local key = tee.key.import {type = "x25519", raw = raw}
        return key:derive {type = "hmac-sha256", peer = peer, salt = "s", info = "i", extractable = true}:export()]],
        b, hex "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
    refused("the public half of x25519 is not a key by itself", IMPORT,
        {type = "x25519", public = hex "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"})
    equal(shared, service.kdf.hkdf("sha256", hex "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
        "s",
        "i", 32))
end)

case("X25519: values that agree on nothing", function()
    for _, weak in ipairs {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "cdeb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880",
        "4c9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
        "d9ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "daffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "dbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000080",
    } do
        -- Three of the list wrap at 2^256, where RFC 7748 masks the highest bit: those are points like any other.
        local wraps = weak:find("^cdeb") or weak:find("^4c9c") or weak:find("^d[9ab]ff")
        local ok, why = tee([[
            local key = tee.key.generate {type = "x25519"}
            local derived, why = key:derive {type = "aes", peer = ...}
            return derived and derived.type, why]], hex(weak))
        equal(ok, wraps and "aes" or nil, weak)
        if not wraps then test.contains(why, "a point of small order") end
    end
end)

case("ECDH: RFC 5903, section 8.1", function()
    local function der_key(d, x, y)
        return hex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420" .. d .. "a144034200" ..
            "04" ..
            x .. y)
    end
    local initiator = der_key("C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
        "DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C3772581180",
        "5271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3")
    local x, y = "D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63",
        "56FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB"
    local derive = [[
        local der, peer = ...
        local kept = require "module_vault" -- to import it is as dear as to use it
        local key = kept.get(der) or assert(tee.key.import {type = "ecdh-p256", der = der})
        kept.put(der, key)
        local derived, why = key:derive {type = "hmac-sha256", peer = peer, extractable = true}
        return derived and derived:export(), why]]
    local expected = service.kdf.hkdf("sha256",
        hex "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE", nil,
        nil, 32)
    local spki = hex("3059301306072a8648ce3d020106082a8648ce3d030107034200" .. "04" .. x .. y)
    local cose = hex("a401022001215820" .. x .. "225820" .. y)
    for _, peer in ipairs {
        hex("04" .. x .. y), spki, cose,
        "-----BEGIN PUBLIC KEY-----\n" .. service.base64.encode(spki) .. "\n-----END PUBLIC KEY-----\n",
    } do
        equal((tee(derive, initiator, peer)), expected)
    end
    -- Points that are not on the curve, of another curve, none at all.
    local zero = ("00"):rep(32)
    for _, peer in ipairs {
        "04" .. x .. x, "04" .. zero .. zero, "04" .. ("ff"):rep(64), "04" .. x .. y:sub(1, 62) .. "AA",
        "04ffffffff00000001000000000000000000000000ffffffffffffffffffffffff" .. y,
    } do
        refused("not a point of the curve", derive, initiator, hex(peer))
    end
    for _, peer in ipairs {
        "02" .. x, "03" .. x, "05" .. x .. y, "04" .. x .. y .. "00", "04" .. x, "00", "", "30", "a1",
        "a401022002215820" .. x .. "225820" .. y, "a5010220012001215820" .. x .. "225820" .. y,
    } do
        refused("peer: not a public key", derive, initiator, hex(peer))
    end
    refused("peer: not a public key", derive, initiator, initiator)
    refused("a PUBLIC KEY or a PRIVATE KEY in PEM expected", derive, initiator, "-----BEGIN NONSENSE-----")
    raises_text("option 'peer' is missing", tee, derive, initiator, nil)
    tee("require('module_vault').put(..., nil) collectgarbage()", initiator)
    equal((tee([[
        local a, b = tee.key.generate {type = "ecdh-p256"}, tee.key.generate {type = "ecdh-p256"}
        local ab = a:derive {type = "aes", peer = b:public("cose"), info = "x"}
        local ba = b:derive {type = "aes", peer = a:public("der"), info = "x"}
        return ba:decrypt(ab:encrypt("text"))]])), "text")
end)

case("mismatched key pairs and invalid private numbers are rejected", function()
    local function p256(d, x, y)
        return hex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420" .. d .. "a144034200" ..
            "04" ..
            x .. y)
    end
    local x, y = "DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C3772581180",
        "5271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3"
    for _, type in ipairs {"ecdsa-p256", "ecdh-p256"} do
        for _, d in ipairs {
            ("00"):rep(32), ("ff"):rep(32), "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
            ("00"):rep(31) .. "01", "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1434",
        } do
            refused("invalid " .. type .. " key", IMPORT, {type = type, der = p256(d, x, y)})
        end
        refused("invalid " .. type .. " key", IMPORT, {type = type,
            der = p256("C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
            x, x)})
    end
    -- The public key is missing, and the TEE cannot compute it.
    refused("invalid ecdsa-p256 key", IMPORT, {type = "ecdsa-p256", der =
        hex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420" .. ("11"):rep(32))})
    local seed = ("9d"):rep(32)
    for _, type in ipairs {"ed25519", "x25519"} do
        local curve = type == "ed25519" and "06" or "04"
        for _, other in ipairs {("3d"):rep(32), service.to_hex(PUBLIC)} do
            refused("invalid " .. type .. " key", IMPORT,
                {type = type, cose = hex("a4010120" .. curve .. "215820" .. other .. "235820" .. seed)})
        end
        refused("invalid " .. type .. " key", IMPORT, {type = type, cose = hex("a3010120" .. curve .. "2341aa")})
        equal(tee("return tee.key.import(...).type", {type = type, cose = hex("a3010120" .. curve .. "235820" ..
            seed)}), type)
    end
end)

case("keys as OpenSSL writes them", function()
    equal(tee("return tee.key.import {type = 'ed25519', pem = ...}:public()", vectors.ed25519), vectors.ed25519_public)
    for type, pem in pairs {["ecdsa-p256"] = vectors.ecdsa, ["ecdsa-p384"] = vectors.p384,
        ["ecdh-p256"] = vectors.ecdsa,
        ed25519 = vectors.ed25519, x25519 = vectors.x25519} do
        local out = table.pack(tee([[
            local type, pem = ...
            local key = assert(tee.key.import {type = type, pem = pem, extractable = true})
            local der, cose = key:export("der"), key:export("cose")
            local from_der = assert(tee.key.import {type = type, der = der, extractable = true})
            local from_cose = assert(tee.key.import {type = type, cose = cose, extractable = true})
            return key:export(), from_der:export("cose") == cose, from_cose:export("der") == der,
                from_cose:public() == key:public(), #key:export("raw")]], type, pem))
        test.results(out, pem, true, true, true, type == "ecdsa-p384" and 48 or 32)
    end
    -- Of another type, in another form.
    for _, v in ipairs {
        {"ecdsa-p384", vectors.ecdsa}, {"ed25519", vectors.x25519}, {"x25519", vectors.ed25519}, {"rsa-pss",
            vectors.ecdsa},
        {"ecdsa-p256", vectors.rsa}, {"aes", vectors.ecdsa}, {"hmac-sha256", vectors.rsa_public},
    } do
        refused("not a key of the type", IMPORT, {type = v[1], pem = v[2]})
    end
    refused("a PUBLIC KEY or a PRIVATE KEY in PEM expected", IMPORT,
        {type = "ecdsa-p256", pem = (vectors.ecdsa:gsub("PRIVATE", "EC PRIVATE"))})
    refused("a PUBLIC KEY or a PRIVATE KEY in PEM expected", IMPORT, {type = "ecdsa-p256", pem = vectors.ecdsa:sub(1,
        100)})
    refused("not base64", IMPORT, {type = "ecdsa-p256", pem = (vectors.ecdsa:gsub("M", "!"))})
    equal(tee("return tee.key.import(...).type", {type = "ecdsa-p256", pem = "text before\n" ..
        vectors.ecdsa:gsub("\n", "\r\n")}),
        "ecdsa-p256")
end)

case("DER and COSE_Key: cut anywhere, or with one bit changed, are no key or another one", function()
    local make = [[
        local type, form, key, usage = ...
        local made, why = tee.key.import {type = type, [form] = key}
        return made and made:public("der"), why]]
    local types = SLOW and {"x25519"} or {"ecdsa-p256", "ecdsa-p384", "ed25519", "x25519"}
    for _, type in ipairs(types) do
        local der, cose, public = tee([[
            local key = tee.key.generate {type = ..., extractable = true}
            return key:export("der"), key:export("cose"), key:public("der")]], type)
        for form, bytes in pairs {der = der, cose = cose} do
            equal((tee(make, type, form, bytes)), public)
            for i = 0, #bytes - 1, STEP do
                local made, why = tee(make, type, form, bytes:sub(1, i))
                equal(made, nil, form .. i)
                test.ok(why)
            end
            equal((tee(make, type, form, bytes .. "\0")), nil)
            for damaged in service.damaged(bytes, STEP) do tee(make, type, form, damaged) end
        end
    end
end)

case("COSE_Key: unknown entries are ignored; duplicate entries are rejected", function()
    local x = service.to_hex(PUBLIC)
    local make = "local k, why = tee.key.import {type = 'ed25519', cose = ...} return k and k:public('cose'), why"
    equal((tee(make, hex("a301012006215820" .. x))), hex("a301012006215820" .. x))
    -- kid, alg, key_ops, a text label; another order.
    equal((tee(make, hex("a7" .. "01010241020327048102" .. "6178" .. "4139" .. "2006215820" .. x))),
        hex("a301012006215820" .. x))
    equal((tee(make, hex("a4010102828101022006215820" .. x))), hex("a301012006215820" .. x))
    equal((tee(make, hex("a3" .. "215820" .. x .. "2006" .. "0101"))), hex("a301012006215820" .. x))
    for _, bad in ipairs {
        "a4010120062006215820" .. x, "a401010101" .. "2006215820" .. x, "a301022006215820" .. x, "a301012004215820" ..
            x,
        "a301012006217820" .. x, "a3010120062158" .. x, "a2010121" .. "5820" .. x, "bf01012006215820" .. x .. "ff",
        "a30101200621590020" .. x, "83010120", "a0", "", "ff", "a301012006215820" .. x .. "00",
        "bb8000000000000000", "a1041bffffffffffffffff", "a1049bffffffffffffffff",
    } do
        refused("not a key of the type", make, hex(bad))
    end
end)

case("usage is fixed, and enforced", function()
    local both = [[
        local options, method = ...
        local key = tee.key.generate(options)
        return key[method](key, "data", "more")]]
    for _, v in ipairs {
        {{type = "ecdsa-p256", usage = {"verify"}}, "sign"}, {{type = "ecdsa-p256", usage = {"sign"}}, "verify"},
        {{type = "ecdsa-p256"}, "encrypt"}, {{type = "ed25519"}, "mac"}, {{type = "ed25519"}, "derive"},
        {{type = "aes", usage = {"encrypt"}}, "decrypt"}, {{type = "aes", usage = {"decrypt"}}, "encrypt"},
        {{type = "aes"}, "sign"}, {{type = "hmac-sha256"}, "derive"}, {{type = "hmac-sha256", usage = {"derive"}},
            "mac"},
        {{type = "hmac-sha256", usage = {"derive"}}, "verify"}, {{type = "x25519"}, "sign"}, {{type = "ecdh-p256"},
            "sign"},
    } do
        raises_text("cannot " .. v[2], tee, both, v[1], v[2])
    end
    local public = "return tee.key.import {type = 'ed25519', public = ...}"
    raises_text("cannot sign", tee, public .. ":sign('x')", PUBLIC)
    for _, usage in ipairs {{}, {"sing"}, {"encrypt"}, {1}, {true}, {{}}, {"sign", "derive"}, {"extractable"}} do
        raises_text("option 'usage'", tee, both, {type = "ed25519", usage = usage}, "sign")
    end
    raises_text("option 'usage': a list", tee, both, {type = "ed25519", usage = "sign"}, "sign")
    raises_text("mac and derive", tee, both, {type = "hmac-sha256", usage = {"mac", "derive"}}, "sign")
    raises_text("a public key can only verify", tee,
        "return tee.key.import {type = 'ed25519', public = ..., usage = {'sign'}}",
        PUBLIC)
    equal(tee("return tee.key.generate {type = 'hmac-sha384'}.usage"), {"mac"})
    equal(tee("return tee.key.generate {type = 'ecdsa-p256', usage = {'verify', 'sign', 'sign'}}.usage"), {"sign",
        "verify"})
    equal(tee("return tee.key.import {type = 'ed25519', public = ...}.usage", PUBLIC), {"verify"})
    equal(tee("return tee.key.generate {type = 'aes'}.usage"), {"encrypt", "decrypt"})
end)

case("a secret is shown only of an extractable key", function()
    for _, type in ipairs {"aes", "hmac-sha256", "ecdsa-p256", "ed25519", "x25519", "ecdh-p256"} do
        raises_text("not extractable", tee, "return tee.key.generate {type = ...}:export()", type)
        raises_text("not extractable", tee, "return tee.key.generate {type = ..., extractable = false}:export()", type)
        equal(tee("return #tee.key.generate {type = ..., extractable = true}:export('raw')", type), 32)
    end
    raises_text("RSA keys cannot be extractable", tee, "return tee.key.generate {type = 'rsa-pss', extractable = true}")
    raises_text("no public part", tee, "return tee.key.generate {type = 'aes'}:public()")
    raises_text("cannot be written in the form 'pem'", tee,
        "return tee.key.generate {type = 'aes', extractable = true}:export('pem')")
    raises_text("cannot be written in the form 'raw'", tee,
        "return tee.key.import {type = 'rsa-pss', pem = ...}:public('raw')",
        vectors.rsa_public)
    equal(tee("return tee.key.import {type = 'ed25519', public = ..., extractable = true}.extractable", PUBLIC), false)
end)

case("attributes; a key is out of reach otherwise", function()
    test.results(table.pack(tee([[
        local k = tee.key.generate {type = "ecdsa-p384", extractable = true}
        return k.type, k.size, k.extractable, k.secret, k.name, k.nothing, k[1], k.__gc, k.object, getmetatable(k),
            tostring(k)]])), "ecdsa-p384", 384, true, true, nil, nil, nil, nil, nil, false, "key (ecdsa-p384)")
    raises_text("attempt to index", tee, "tee.key.generate {type = 'aes'}.type = 'x'")
    raises_text("userdata", tee, "return tee.key.generate {type = 'aes'}")
    raises_text("tee.key expected", tee,
        "local k = tee.key.generate {type = 'aes'} return k.encrypt(tee.digest('sha256'), 'x')")
    raises_text("tee.key expected", tee, "local k = tee.key.generate {type = 'aes'} return k.encrypt({}, 'x')")
    raises_text("tee.digest expected", tee, "return tee.digest('sha256').update(tee.key.generate {type = 'aes'}, 'x')")
end)

case("closed is closed", function()
    for _, close in ipairs {"key:close()", "key:close() key:close()", "do local k <close> = key end"} do
        test.results(table.pack(tee("local key = tee.key.generate {type = 'aes'} " .. close ..
            " local ok, why = pcall(key.encrypt, key, 'x')" ..
            " return ok, why:find('closed') ~= nil, tostring(key), key.type")),
            false, true, "key (closed)", nil)
    end
end)

case("HANDLES_MAX, and garbage collection releases keys", function()
    local many = SLOW and 40 or 200
    raises_text("32 objects of the TEE are in use", tee,
        "local held = {} for i = 1, 33 do held[i] = tee.key.generate {type = 'aes'} end")
    equal(tee("for i = 1, ... do tee.key.generate {type = 'aes'}:encrypt('x') end return 1", many), 1)
    equal(tee("for i = 1, ... do tee.key.import {type = 'ed25519', public = 'short'} end return 1", many), 1)
    equal(tee("for i = 1, ... do pcall(tee.key.generate, {type = 'aes', usage = {'sign'}}) end return 1", many), 1)
end)

case("options that are wrong", function()
    local generate = "return tee.key.generate(...)"
    raises_text("table expected", tee, generate)
    raises_text("option 'type': expected one of aes, hmac-sha1", tee, generate, {})
    raises_text("option 'type'", tee, generate, {type = "des"})
    raises_text("option 'type'", tee, generate, {type = 1})
    raises_text("unknown option 'raw'", tee, generate, {type = "aes", raw = "x"})
    raises_text("unknown option '1'", tee, generate, {type = "aes", "x"})
    for _, size in ipairs {0, 127, 129, 512, -1, math.maxinteger, 256.5, "256x"} do
        raises_text("option 'size'", tee, generate, {type = "aes", size = size})
    end
    raises_text("option 'size'", tee, generate, {type = "rsa-pss", size = 1024})
    raises_text("option 'size'", tee, generate, {type = "rsa-pss", size = 4104})
    raises_text("option 'size'", tee, generate, {type = "ed25519", size = 255})
    raises_text("at least 128 bits", tee, generate, {type = "hmac-sha1", size = 80})
    raises_text("option 'name'", tee, generate, {type = "aes", name = ""})
    raises_text("option 'name'", tee, generate, {type = "aes", name = "a/b"})
    raises_text("option 'name'", tee, generate, {type = "aes", name = ("n"):rep(65)})
    raises_text("option 'name'", tee, generate, {type = "aes", name = 5})
    raises_text("the key itself is missing", tee, IMPORT, {type = "aes"})
    raises_text("give the key in one form only", tee, IMPORT, {type = "aes", raw = "x", der = "x"})
    raises_text("option 'raw': a string expected", tee, IMPORT, {type = "aes", raw = 1})
    refused("the key has 128 bits, and option 'size' is 256", IMPORT, {type = "aes", size = 256, raw = ("k"):rep(16)})
    equal(tee("return tee.key.import(...).size", {type = "aes", size = 128, raw = ("k"):rep(16)}), 128)
    for _, form in ipairs {"raw", "public"} do
        refused("not a key of the type", IMPORT, {type = "ecdsa-p256", [form] = ("x"):rep(32)})
    end
end)

case("ED25519_MESSAGE_MAX", function()
    local both = "local k, m = tee.key.generate {type = (...)}, ('x'):rep(select(2, ...)) return k:verify(m, k:sign(m))"
    equal(tee(both, "ed25519", 4096), true)
    raises_text("4096 bytes at most", tee, "return tee.key.generate {type = 'ed25519'}:sign(('x'):rep(4097))")
    raises_text("4096 bytes at most", tee, "return tee.key.generate {type = 'ed25519'}:verify(('x'):rep(4097), 's')")
    -- Others sign a digest, of any length.
    equal(tee(both, "ecdsa-p256", 1 << 20), true)
end)

-- Every function and method with strange arguments: an error or a result, and the TA lives.
case("nonsense does no harm", function()
    local calls, raised = tee([[
        local rounds, pem = ...
        local strange = {
            0, -1, 1, 256, math.mininteger, 0.5, true, false, "", "\0", "x", ("k"):rep(16), ("k"):rep(32),
                ("\4"):rep(65),
            ("x"):rep(256), pem, "raw", "der", "pem", "cose", {}, {1}, print, "sign", {"sign"}, {"derive"}, "aes",
                "ed25519",
        }
        local types = {"aes", "hmac-sha256", "ecdsa-p256", "ed25519", "x25519", "ecdh-p256"}
        local fields = {"size", "usage", "extractable", "raw", "der", "pem", "cose", "public", "peer", "info", "salt"}
        local seed = 20240229
        local function pick(n)
            seed = (seed * 1103515245 + 12345) % (1 << 31)
            return seed // 65536 % n + 1
        end
        local keys = {tee.key.import {type = "rsa-oaep", pem = pem}, tee.key.import {type = "rsa-pss", pem = pem}}
        for _, type in ipairs(types) do keys[#keys + 1] = tee.key.generate {type = type, extractable = true} end
        keys[#keys + 1] = tee.key.generate {type = "hmac-sha512", usage = {"derive"}}
        local methods = {"sign", "verify", "encrypt", "decrypt", "mac", "derive", "public", "export"}
        local calls, raised = 0, 0
        local function try(f, ...)
            calls = calls + 1
            if not pcall(f, ...) then raised = raised + 1 end
        end
        for _ = 1, rounds do
            local key = keys[pick(#keys)]
            try(key[methods[pick(#methods)] ], key, strange[pick(#strange)], strange[pick(#strange)],
                strange[pick(#strange)])
            local options = {type = types[pick(#types)]}
            for _ = 1, pick(3) do options[fields[pick(#fields)] ] = strange[pick(#strange)] end
            try(pick(2) == 1 and tee.key.import or key.derive, pick(2) == 1 and options or key, options)
        end
        return calls, raised]], SLOW and 100 or 5000, vectors.rsa)
    test.ok(raised > calls // 4 and raised < calls, calls .. " calls, " .. raised .. " errors")
end)

case("tee.supports knows the types", function()
    for _, type in ipairs {"aes", "hmac-sha1", "hmac-sha256", "hmac-sha384", "hmac-sha512", "ecdsa-p256",
        "ecdsa-p384", "ed25519",
        "ecdh-p256", "x25519", "rsa-pss", "rsa-pkcs1", "rsa-oaep"} do
        equal(service.supports(type), true, type)
    end
    equal(service.supports("rsa"), false)
    equal(service.supports("ecdh-p384"), false)
end)

case("extractable is true or false, and nothing that is like them", function()
    local make = [[
        local extractable = ...
        return tee.key.generate {type = "aes", extractable = extractable}.extractable]]
    equal(tee(make, nil), false)
    equal(tee(make, false), false)
    equal(tee(make, true), true)
    for _, value in ipairs {1, 0, 1.5, "", "no", "false", "true", {}} do
        raises_text("option 'extractable': true or false expected", tee, make, value)
        raises_text("option 'extractable': true or false expected", tee, [[
            return tee.key.import {type = "aes", raw = ("k"):rep(16), extractable = ...}]], value)
        raises_text("option 'extractable': true or false expected", tee, [[
            local key = tee.key.generate {type = "hmac-sha256", usage = {"derive"}}
            return key:derive {type = "aes", extractable = ...}]], value)
    end
    raises_text("option 'extractable': true or false expected", tee,
        "return tee.key.generate {type = 'aes', extractable = print}")
    raises_text("option 'extractable': true or false expected", tee,
        "return tee.key.generate {type = 'rsa-pss', extractable = 1}")
end)

case("the error for a secret of a wrong size names the limits", function()
    for _, bad in ipairs {{"hmac-sha1", 9, "80 to 512 bits, a multiple of 8"},
        {"hmac-sha1", 65, "80 to 512 bits, a multiple of 8"}, {"hmac-sha512", 129, "80 to 1024 bits, a multiple of 8"},
        {"aes", 8, "128 to 256 bits, a multiple of 64"}, {"aes", 17, "128 to 256 bits, a multiple of 64"}} do
        refused("invalid " .. bad[1] .. " key: wrong size; " .. bad[3], IMPORT,
            {type = bad[1], raw = ("k"):rep(bad[2])})
    end
end)

-- More than what one request to the TEE has of a text.
case("long texts are those of tee.aead and tee.mac", function()
    local secret = ("0123456789abcdef"):rep(2)
    equal(tee([[
        local secret = ...
        local text, aad = ("a text of 23 characters"):rep(9001), ("header"):rep(12000)
        local key = assert(tee.key.import {type = "aes", raw = secret})
        local box = key:encrypt(text, aad)
        assert(tee.aead.open("aes-gcm", secret, box, aad) == text)
        assert(key:decrypt(tee.aead.seal("aes-gcm", secret, text, aad), aad) == text)
        assert(key:decrypt(box, aad .. "x") == nil)
        local mac = assert(tee.key.import {type = "hmac-sha256", raw = secret})
        assert(mac:mac(text) == tee.mac("sha256", secret, text))
        return mac:verify(text, mac:mac(text)) and not mac:verify(text .. "x", mac:mac(text))]], secret), true)
end)

case("PEM_MAX", function()
    local key, longest, why = tee [[
        local MAX <const> = 16384
        local pem = tee.key.generate({type = "ecdsa-p256"}):public()
        local function padded(size) return ("\n"):rep(size - #pem) .. pem end
        return tee.key.import({type = "ecdsa-p256", pem = padded(MAX)}):public() == pem,
            tee.key.import {type = "ecdsa-p256", pem = padded(MAX + 1)}]]
    equal(key, true)
    equal(longest, nil)
    test.ok(why:find("PEM: more than 16384 characters", 1, true), why)
end)
