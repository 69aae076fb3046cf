-- SPDX-License-Identifier: BSD-2-Clause
-- Worst inputs of the services of the TEE but keys and storage.
local shapes = require "shapes"
local K, M = shapes.K, shapes.M
local inputs = {}

local function often(f, count)
    return function(loop)
        loop(function() for i = 1, count or 10 do f(i) end end)
    end
end
local function long(f, size, unit)
    return function(loop)
        local s = shapes.bytes(unit or "x", size or 3 * M)
        loop(function() f(s) end)
    end
end

inputs["tee.random"] = often(function() tee.random(64 * K) end)
inputs["tee.random: single bytes"] = often(function() tee.random(1) end, 100)
for _, name in ipairs {"sha256", "sha512", "sha3-256", "sha3-512"} do
    inputs["tee.digest: " .. name] = long(function(s) tee.digest(name, s) end)
end
inputs["tee.digest: small"] = often(function() tee.digest("sha512", "") end, 100)
inputs["digest:update"] = function(loop)
    local s, d = shapes.bytes("x", 3 * M), tee.digest("sha3-512")
    loop(function() d:update(s) end)
end
inputs["digest:final"] = often(function() tee.digest("sha3-512"):final() end, 100)
for _, name in ipairs {"sha1", "sha512"} do
    inputs["tee.mac: " .. name] = long(function(s) tee.mac(name, "key", s) end)
end
inputs["tee.mac: a long key"] = long(function(s) tee.mac("sha512", s, "x") end)
inputs["mac:update"] = function(loop)
    local s, m = shapes.bytes("x", 3 * M), tee.mac("sha512", "key")
    loop(function() m:update(s) end)
end
inputs["mac:final"] = often(function() tee.mac("sha512", "key"):final() end, 100)
inputs["mac:verify"] = often(function() tee.mac("sha512", "key"):verify(("x"):rep(64)) end, 100)

local key = ("k"):rep(32)
for _, name in ipairs {"aes-gcm", "aes-ccm"} do
    inputs["tee.aead.seal: " .. name] = long(function(s) tee.aead.seal(name, key, s) end, 2 * M)
    inputs["tee.aead.seal: long aad, " .. name] = long(function(s) tee.aead.seal(name, key, "", s) end)
    inputs["tee.aead.open: " .. name] = function(loop)
        local box = tee.aead.seal(name, key, shapes.bytes("x", 2 * M))
        collectgarbage()
        loop(function() assert(tee.aead.open(name, key, box)) end)
    end
    inputs["tee.aead.open: not authentic, " .. name] = long(function(s) tee.aead.open(name, key, s) end, 2 * M)
end
inputs["tee.aead.seal: small"] = often(function() tee.aead.seal("aes-gcm", key, "") end, 100)
inputs["tee.aead.seal_with_unique_nonce"] =
    long(function(s) tee.aead.seal_with_unique_nonce("aes-gcm", key, ("n"):rep(12), s) end, 2 * M)
inputs["tee.aead.open_with_nonce"] =
    long(function(s) tee.aead.open_with_nonce("aes-gcm", key, ("n"):rep(12), s) end, 2 * M)
for _, name in ipairs {"aes-ctr", "aes-cbc"} do
    inputs["tee.cipher.encrypt: " .. name] = long(function(s) tee.cipher.encrypt(name, key, s) end, 2 * M)
    inputs["tee.cipher.decrypt: " .. name] = long(function(s) tee.cipher.decrypt(name, key, s) end, 2 * M)
end
inputs["tee.cipher.encrypt_with_unique_iv"] =
    long(function(s) tee.cipher.encrypt_with_unique_iv("aes-ctr", key, ("i"):rep(16), s) end, 2 * M)
inputs["tee.cipher.decrypt_with_iv"] =
    long(function(s) tee.cipher.decrypt_with_iv("aes-cbc", key, ("i"):rep(16), s) end, 2 * M)
inputs["tee.kdf.hkdf"] = often(function() tee.kdf.hkdf("sha512", ("s"):rep(32), nil, nil, 255 * 64) end, 1)
inputs["tee.kdf.hkdf: a long secret"] = long(function(s) tee.kdf.hkdf("sha512", s, s, s:sub(1, 4096), 255 * 64) end, 3 * M)
inputs["tee.kdf.hkdf: long info"] = long(function(s) pcall(tee.kdf.hkdf, "sha512", "s", nil, s, 255 * 64) end, 4096)
inputs["tee.kdf.pbkdf2: iterations"] = often(function() tee.kdf.pbkdf2("sha512", "password", "salt", 20000, 64) end, 1)
inputs["tee.kdf.pbkdf2: blocks"] = often(function() tee.kdf.pbkdf2("sha512", "password", "salt", 1, 64 * 5000) end, 1)
inputs["tee.kdf.pbkdf2: a long password"] =
    long(function(s) tee.kdf.pbkdf2("sha512", s, "salt", 1, 64) end)
inputs["tee.kdf.pbkdf2: a long salt"] =
    long(function(s) tee.kdf.pbkdf2("sha512", "password", s, 1, 64 * 20) end)
inputs["tee.equal"] = long(function(s) tee.equal(s, s) end)
inputs["tee.hex.encode"] = long(function(s) tee.hex.encode(s) end, 2 * M)
inputs["tee.hex.decode"] = long(function(s) tee.hex.decode(s) end, 3 * M, "00")
inputs["tee.base64.encode"] = long(function(s) tee.base64.encode(s) end)
inputs["tee.base64.decode"] = long(function(s) tee.base64.decode(s) end, 3 * M, "AAAA")

inputs["tee.cbor.array"] = often(function() tee.cbor.array({}) end, 1000)
inputs["tee.cbor.array: a large table"] = function(loop)
    local t = shapes.list(100000)
    loop(function() tee.cbor.array(t) end)
end
inputs["tee.cbor.text"] = long(function(s) tee.cbor.text(s) end, 3 * M, "\u{7ff}")
inputs["tee.cbor.text: small"] = often(function() tee.cbor.text("x") end, 1000)
inputs["tee.cbor.encode: a list"] = function(loop)
    local t = shapes.list(100000)
    loop(function() tee.cbor.encode(t) end)
end
inputs["tee.cbor.encode: a map of integers"] = function(loop)
    local t = {}
    for i = 1, 32000 do t[-i] = true end
    loop(function() tee.cbor.encode(t) end)
end
inputs["tee.cbor.encode: a map of strings"] = function(loop)
    local t = {}
    for i = 1, 16000 do t["key " .. i] = true end
    loop(function() tee.cbor.encode(t) end)
end
inputs["tee.cbor.encode: long keys that are almost equal"] = function(loop)
    local t, common = {}, ("x"):rep(8 * K)
    for i = 1, 200 do t[common .. i] = true end
    loop(function() tee.cbor.encode(t) end)
end
inputs["tee.cbor.encode: a list with holes"] = function(loop)
    local t = shapes.list(60000)
    for i = 1, 60000 do
        if i % 3 == 0 then t[i] = nil end
    end
    loop(function() tee.cbor.encode(t) end)
end
inputs["tee.cbor.encode: a table that was emptied"] = function(loop)
    local t = shapes.emptied(130000)
    loop(function() tee.cbor.encode(t) end)
end
inputs["tee.cbor.encode: small tables"] = function(loop)
    local t = {}
    for i = 1, 30000 do t[i] = {} end
    loop(function() tee.cbor.encode(t) end)
end
inputs["tee.cbor.encode: deep, and the same tables over and over"] = function(loop)
    local t = {}
    for _ = 1, 60 do t = {t, t} end
    loop(function() pcall(tee.cbor.encode, t) end)
end
inputs["tee.cbor.encode: a long string"] = long(function(s) tee.cbor.encode(s) end, 2 * M)
inputs["tee.cbor.encode: a long text"] = long(function(s) tee.cbor.encode(s, "text") end, 2 * M, "\u{7ff}")
inputs["tee.cbor.encode: floats"] = function(loop)
    local t = shapes.list(100000, 1 / 3)
    loop(function() tee.cbor.encode(t) end)
end

local function decode(make)
    return function(loop)
        local data = make()
        collectgarbage()
        loop(function() tee.cbor.decode(data) end)
    end
end
inputs["tee.cbor.decode: a list"] = decode(function() return string.pack(">BI4", 0x9a, 200000) .. ("\1"):rep(200000) end)
inputs["tee.cbor.decode: small lists"] = decode(function() return string.pack(">BI4", 0x9a, 60000) .. ("\x80"):rep(60000) end)
inputs["tee.cbor.decode: small maps"] = decode(function() return string.pack(">BI4", 0x9a, 30000) .. ("\xa1\1\2"):rep(30000) end)
inputs["tee.cbor.decode: many texts"] = decode(function() return string.pack(">BI4", 0x9a, 100000) .. ("\x61x"):rep(100000) end)
inputs["tee.cbor.decode: a long text"] = decode(function() return string.pack(">BI4", 0x7a, 2 * M) .. shapes.bytes("\u{7ff}", M) end)
inputs["tee.cbor.decode: a long string"] = decode(function() return string.pack(">BI4", 0x5a, 2 * M) .. shapes.bytes("x", 2 * M) end)
local function map(keys, format)
    local parts = {string.pack(">BI2", 0xb9, #keys)}
    for _, k in ipairs(keys) do parts[#parts + 1] = format(k) end
    return table.concat(parts)
end
inputs["tee.cbor.decode: a map of integers"] = decode(function()
    local keys = {}
    for i = 1, 40000 do keys[i] = i + 65535 end
    return map(keys, function(k) return string.pack(">BI4B", 0x1a, k, 0xf5) end)
end)
inputs["tee.cbor.decode: a map of integers that collide"] = decode(function()
    return map(shapes.colliding_integers(16, 32769), function(k)
        if k < 65536 then return string.pack(">BI2B", 0x19, k, 0xf5) end
        if k < 1 << 32 then return string.pack(">BI4B", 0x1a, k, 0xf5) end
        return string.pack(">BI8B", 0x1b, k, 0xf5)
    end)
end)
inputs["tee.cbor.decode: a map of floats that collide"] = decode(function()
    return map(shapes.colliding_floats(32769), function(k) return string.pack(">Bf", 0xfa, k) .. "\xf5" end)
end)
inputs["tee.cbor.decode: a map of strings"] = decode(function()
    local keys = {}
    for i = 1, 20000 do keys[i] = i end
    return map(keys, function(k) return ("\x45%05d\xf5"):format(k) end)
end)
inputs["tee.cbor.decode: long keys that are almost equal"] = decode(function()
    local keys, common = {}, ("x"):rep(8 * K - 5)
    for i = 1, 300 do keys[i] = i end
    return map(keys, function(k) return string.pack(">BI2", 0x59, 8 * K) .. common .. ("%05d"):format(k) .. "\xf5" end)
end)
inputs["tee.cbor.decode: deep"] = decode(function()
    return string.pack(">BI4", 0x9a, 1000) .. (("\x81"):rep(60) .. "\1"):rep(1000)
end)
inputs["tee.cbor.decode: wrong at its end"] = decode(function() return string.pack(">BI4", 0x9a, 200001) .. ("\1"):rep(200000) end)

inputs["tee.supports"] = often(function() tee.supports("aes-gcm", "rot13") end, 100)
inputs["tee.supports: many names"] = function(loop)
    local t = shapes.list(60000, "device-id")
    loop(function() tee.supports(table.unpack(t)) end)
end
inputs["tee.supports: a long name"] = long(function(s) tee.supports(s) end)
inputs["tee.caller"] = often(function() tee.caller() end, 10)
inputs["tee.info"] = often(function() tee.info() end, 10)
inputs["tee.fuel"] = often(function() for _ = 1, 100 do tee.fuel() end end)
inputs["tee.release"] = often(function() pcall(tee.release, print) end, 1000)
inputs["tee.time.system"] = often(function() tee.time.system() end, 100)
inputs["tee.time.ree"] = often(function() tee.time.ree() end, 100)
inputs["tee.time.trust"] = often(function() tee.time.trust() end, 10)
inputs["tee.time.persistent"] = often(function() tee.time.persistent() end, 3)
inputs["tee.time.set_persistent"] = often(function(i) tee.time.set_persistent(i) end, 3)
inputs["tee.call"] = often(function() tee.call("nothing") end, 100)
inputs["tee.call: many arguments"] = function(loop)
    local t = shapes.list(32000)
    tee.call("nothing")
    loop(function() tee.call("nothing", table.unpack(t)) end)
end
inputs["internal_TA_call"] = often(function() internal_TA_call("nothing") end, 100)

return inputs
