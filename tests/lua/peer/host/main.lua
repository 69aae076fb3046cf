-- SPDX-License-Identifier: BSD-2-Clause
-- The TEE against OpenSSL in Linux: luatee run -u tests/lua/peer KEY_PEER (make key-peer). What one signs the other
-- verifies, what one encrypts the other decrypts, and both agree; keys are new each time, so odd ones turn up.
-- Prints "N passed, N failed".

local peer_test = require "peer"
local peer, run, check, SLOW, ROUNDS = peer_test.peer, peer_test.run, peer_test.check, peer_test.SLOW, peer_test.ROUNDS

local MESSAGE = "message\0of any bytes\xff"

local function signatures(type, scheme, name)
    local rsa = name:find("^RSA")
    local private = peer(2, "new", name)
    local public = peer(1, "public", private)
    local rounds = rsa and 1 or ROUNDS
    for _ = 1, rounds do
        local signature = peer(2, "sign", scheme, private, MESSAGE)
        local right, wrong, again, ours = run([[
            local type, private, public, message, signature, make = ...
            local key = assert(tee.key.import {type = type, pem = public})
            local pair = assert(tee.key.import {type = type, pem = private})
            return key:verify(message, signature), key:verify(message .. "x", signature), pair:sign(message),
                pair:public()]], type, private, public, MESSAGE, signature)
        check(right and not wrong, type .. ": OpenSSL signs, the TEE verifies")
        check(ours == public, type .. ": public keys are written as OpenSSL writes them")
        check(peer(2, "verify", scheme, public, MESSAGE, again) == "\1", type .. ": the TEE signs with OpenSSL's key")
        check(peer(2, "verify", scheme, public, MESSAGE .. "x", again) == "\0", type .. ": not another message")
    end
    for _ = 1, (SLOW and rsa or name == "RSA-4096") and 0 or rounds do -- primes take their time
        local new, signature, pem = run([[
            local type, message, bits = ...
            local key = tee.key.generate {type = type, size = bits, extractable = not bits}
            return key:public(), key:sign(message), not bits and key:export("pem") or nil]], type, MESSAGE,
                rsa and tonumber(name:match("%d+")))
        check(peer(2, "verify", scheme, new, MESSAGE, signature) == "\1", type ..
            ": the TEE signs with a key of its own")
        if pem then check(peer(1, "public", pem) == new, type .. ": OpenSSL reads the key") end
    end
end

local function encryption(name)
    local private = peer(2, "new", name)
    local public = peer(1, "public", private)
    local text, box = run([[
        local private, public, box, text = ...
        return tee.key.import {type = "rsa-oaep", pem = private}:decrypt(box),
            tee.key.import {type = "rsa-oaep", pem = public}:encrypt(text)]],
        private, public, peer(1, "encrypt", public, MESSAGE), MESSAGE)
    check(text == MESSAGE, "rsa-oaep: OpenSSL encrypts, the TEE decrypts")
    check(peer(1, "decrypt", private, box) == MESSAGE, "rsa-oaep: the TEE encrypts, OpenSSL decrypts")
end

local function agreement(type, name)
    for _ = 1, ROUNDS do
        local private = peer(2, "new", name)
        local mine, theirs = run([[
            local type, peer, private = ...
            local key = tee.key.generate {type = type}
            local other = tee.key.import {type = type, pem = private}
            local a = key:derive {type = "hmac-sha256", peer = peer, info = "test", extractable = true}
            local b = other:derive {type = "hmac-sha256", peer = key:public(), info = "test", extractable = true}
            return key:public(), a:export() == b:export() and a:export()]], type, peer(1, "public", private), private)
        local shared = peer(1, "agree", private, mine)
        check(theirs and theirs == run("return tee.kdf.hkdf('sha256', ..., nil, 'test', 32)", shared), type ..
            ": both agree")
    end
end

signatures("ecdsa-p256", "ecdsa256", "EC-256")
signatures("ecdsa-p384", "ecdsa384", "EC-384")
signatures("ed25519", "ed25519", "ED25519")
-- 3072 bits are the default.
for _, bits in ipairs(SLOW and {3072} or {2048, 3072, 4096}) do
    signatures("rsa-pkcs1", "pkcs1", "RSA-" .. bits)
    signatures("rsa-pss", "pss", "RSA-" .. bits)
    encryption("RSA-" .. bits)
end
agreement("ecdh-p256", "EC-256")
agreement("x25519", "X25519")
require "services"

peer_test.finish()
