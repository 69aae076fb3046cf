-- SPDX-License-Identifier: BSD-2-Clause
-- Worst inputs of tee.key.
local rsa_key = require "rsa_key"
local shapes = require "shapes"
local M = shapes.M
local inputs = {}

local function often(f, count)
    for i = 1, count do f(i) end
end

-- Of each type: its size, what its public key's import looks like.
local pairs_of_keys = {"ecdsa-p256", "ecdsa-p384", "ed25519", "ecdh-p256", "x25519"}
for _, type in ipairs(pairs_of_keys) do
    inputs["tee.key.generate: " .. type] = function(loop)
        loop(function() tee.key.generate({type = type}):close() end)
    end
    inputs["tee.key.import: a pair, " .. type] = function(loop)
        local der
        do
            local key <close> = tee.key.generate({type = type, extractable = true})
            der = key:export("der")
        end
        loop(function() assert(tee.key.import({type = type, der = der})):close() end)
    end
    inputs["key:public: " .. type] = function(loop)
        local key <close> = tee.key.generate({type = type})
        loop(function() key:public("pem") end)
    end
    inputs["key:export: " .. type] = function(loop)
        local key <close> = tee.key.generate({type = type, extractable = true})
        loop(function() key:export("pem") end)
    end
end
for _, type in ipairs {"ecdsa-p256", "ecdsa-p384", "ed25519"} do
    inputs["key:sign: " .. type] = function(loop)
        local key <close> = tee.key.generate({type = type})
        loop(function() key:sign("message") end)
    end
    inputs["key:verify: " .. type] = function(loop)
        local key <close> = tee.key.generate({type = type})
        local signature = key:sign("message")
        loop(function() assert(key:verify("message", signature)) end)
    end
    inputs["tee.key.import: a public key, " .. type] = function(loop)
        local public
        do
            local key <close> = tee.key.generate({type = type})
            public = key:public("raw")
        end
        loop(function() assert(tee.key.import({type = type, public = public})):close() end)
    end
end
inputs["key:sign: long data"] = function(loop)
    local key <close> = tee.key.generate({type = "ecdsa-p384"})
    local s = shapes.bytes("x", 3 * M)
    loop(function() key:sign(s) end)
end
inputs["key:verify: long data"] = function(loop)
    local key <close> = tee.key.generate({type = "ecdsa-p384"})
    local s = shapes.bytes("x", 3 * M)
    local signature = key:sign(s)
    loop(function() key:verify(s, signature) end)
end
inputs["key:verify: a long signature"] = function(loop)
    local key <close> = tee.key.generate({type = "ecdsa-p384"})
    local s = shapes.bytes("\x30", 3 * M)
    loop(function() key:verify("x", s) end)
end
for _, type in ipairs {"ecdh-p256", "x25519"} do
    inputs["key:derive: " .. type] = function(loop)
        local key <close> = tee.key.generate({type = type})
        local peer = key:public()
        loop(function() assert(key:derive({type = "aes", peer = peer})):close() end)
    end
end
inputs["key:derive: long info"] = function(loop)
    local key <close> = tee.key.generate({type = "hmac-sha512", usage = {"derive"}})
    local s = shapes.bytes("x", 3 * M)
    loop(function()
        local derived = key:derive({type = "aes", info = s})
        derived:close()
    end)
end
inputs["key:derive: a long salt"] = function(loop)
    local key <close> = tee.key.generate({type = "x25519"})
    local s, peer = shapes.bytes("x", 3 * M), key:public()
    loop(function() assert(key:derive({type = "aes", peer = peer, salt = s})):close() end)
end
inputs["tee.key.generate: aes"] = function(loop)
    loop(function() often(function() tee.key.generate({type = "aes"}):close() end, 10) end)
end
inputs["tee.key.generate: hmac"] = function(loop)
    loop(function() often(function() tee.key.generate({type = "hmac-sha512", size = 1024}):close() end, 10) end)
end
inputs["tee.key.import: hmac"] = function(loop)
    local raw = ("x"):rep(64)
    loop(function() often(function() tee.key.import({type = "hmac-sha512", raw = raw}):close() end, 10) end)
end
inputs["tee.key.import: a long PEM of spaces"] = function(loop)
    local pem = "-----BEGIN PUBLIC KEY-----\n" .. shapes.bytes("\n", 3 * M) .. "-----END PUBLIC KEY-----\n"
    loop(function() tee.key.import({type = "ecdsa-p256", pem = pem}) end)
end
inputs["tee.key.import: a long PEM"] = function(loop)
    local pem = "-----BEGIN PUBLIC KEY-----\n" .. (("A"):rep(64) .. "\n"):rep(M // 32) .. "-----END PUBLIC KEY-----\n"
    loop(function() tee.key.import({type = "ecdsa-p256", pem = pem}) end)
end
inputs["tee.key.import: a PEM that never begins"] = function(loop)
    local pem = ("-----BEGIN "):rep(3 * M // 11)
    loop(function() tee.key.import({type = "ecdsa-p256", pem = pem}) end)
end
inputs["tee.key.import: long DER"] = function(loop)
    local der = shapes.bytes("\x30\x80", M)
    loop(function() tee.key.import({type = "ecdsa-p256", der = der}) end)
end
inputs["tee.key.import: a COSE key of many labels"] = function(loop)
    local parts = {string.pack(">BI2", 0xb9, 60000)}
    for i = 1, 60000 do parts[i + 1] = string.pack(">BI4B", 0x1a, i + 65535, 0xf5) end
    local cose = table.concat(parts)
    loop(function() tee.key.import({type = "ecdsa-p256", cose = cose}) end)
end
inputs["tee.key.import: an unsound point"] = function(loop)
    local public = "\4" .. ("\1"):rep(64)
    loop(function() tee.key.import({type = "ecdsa-p256", public = public}) end)
end
inputs["tee.key.import: a small RSA key"] = function(loop)
    local der = ("\x30"):rep(300)
    loop(function() often(function() tee.key.import({type = "rsa-oaep", der = der}) end, 10) end)
end
inputs["key:encrypt"] = function(loop)
    local key <close> = tee.key.generate({type = "aes"})
    local s = shapes.bytes("x", 2 * M)
    loop(function() key:encrypt(s) end)
end
inputs["key:decrypt"] = function(loop)
    local key <close> = tee.key.generate({type = "aes"})
    local box = key:encrypt(shapes.bytes("x", 2 * M))
    loop(function() assert(key:decrypt(box)) end)
end
inputs["key:mac"] = function(loop)
    local key <close> = tee.key.generate({type = "hmac-sha512"})
    local s = shapes.bytes("x", 3 * M)
    loop(function() key:mac(s) end)
end
inputs["key:close"] = function(loop)
    loop(function() often(function() tee.key.generate({type = "aes"}):close() end, 10) end)
end
inputs["tee.key.list: many keys"] = function(loop)
    for i = 1, 20 do
        tee.key.delete("k" .. i)
        tee.key.generate({type = "aes", name = "k" .. i}):close()
    end
    loop(function() tee.key.list() end)
    for i = 1, 20 do tee.key.delete("k" .. i) end
end
inputs["tee.key.generate: a stored key"] = function(loop)
    loop(function()
        tee.key.delete("a")
        tee.key.generate({type = "ecdsa-p256", name = "a"}):close()
    end)
end
inputs["tee.key.open"] = function(loop)
    tee.key.delete("b")
    tee.key.generate({type = "ecdsa-p384", name = "b"}):close()
    loop(function() tee.key.open("b"):close() end)
end
inputs["tee.key.delete"] = function(loop)
    loop(function()
        tee.key.generate({type = "aes", name = "c"}):close()
        tee.key.delete("c")
    end)
end

-- A single step of the TEE for us. The smallest size: each of larger ones takes the machine minutes.
inputs["tee.key.generate: rsa"] = function(loop)
    local key
    loop(function() key = key or tee.key.generate({type = "rsa-pss", size = 2048}) end)
end
inputs["tee.key.import: rsa"] = function(loop)
    loop(function() assert(tee.key.import({type = "rsa-pss", pem = rsa_key})):close() end)
end
for _, type in ipairs {"rsa-pss", "rsa-pkcs1"} do
    inputs["key:sign: " .. type] = function(loop)
        local key <close> = assert(tee.key.import({type = type, pem = rsa_key}))
        loop(function() key:sign("message") end)
    end
    inputs["key:verify: " .. type] = function(loop)
        local key <close> = assert(tee.key.import({type = type, pem = rsa_key}))
        local signature = key:sign("message")
        loop(function() assert(key:verify("message", signature)) end)
    end
end
inputs["key:encrypt: rsa-oaep"] = function(loop)
    local key <close> = assert(tee.key.import({type = "rsa-oaep", pem = rsa_key}))
    loop(function() key:encrypt("message") end)
end
inputs["key:decrypt: rsa-oaep"] = function(loop)
    local key <close> = assert(tee.key.import({type = "rsa-oaep", pem = rsa_key}))
    local box = key:encrypt("message")
    loop(function() assert(key:decrypt(box)) end)
end

return inputs
