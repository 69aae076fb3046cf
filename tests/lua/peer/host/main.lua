-- SPDX-License-Identifier: BSD-2-Clause
-- Keys of the TEE against OpenSSL in Linux: luatee run -u tests/lua/peer KEY_PEER (make key-peer). What one signs the
-- other verifies, what one encrypts the other decrypts, and both agree; keys are new each time, so odd ones turn up.
-- Prints "N passed, N failed".

local tee = require "tee"
local program = assert((...), "the program key_peer is missing (make key-peer)")
-- In QEMU, looking for the primes of an RSA key takes most of a minute, and its private operation a second.
local SLOW = tee.info().backend ~= "sim" and os.getenv("LUATEE_TESTS") ~= "all"
local ROUNDS = SLOW and 1 or 20

local passed, failed = 0, 0

local function check(ok, what)
    if ok then
        passed = passed + 1
    else
        failed = failed + 1
        print("FAIL " .. what)
    end
end

local function to_hex(bytes)
    return (bytes:gsub(".", function(c) return string.format("%02x", c:byte()) end))
end

-- Runs key_peer; arguments after the first `words` are bytes.
local function peer(words, ...)
    local command = {"'" .. program .. "'"}
    for i, argument in ipairs {...} do command[#command + 1] = "'" .. (i <= words and argument or to_hex(argument)) ..
        "'" end
    local pipe <close> = assert(io.popen(table.concat(command, " ")))
    return (pipe:read("l") or ""):gsub("..", function(digits) return string.char(tonumber(digits, 16)) end)
end

local function run(source, ...)
    return TA_call("run", source, ...)
end

local MESSAGE = "message\0of any bytes\xff"

local function signatures(type, scheme, name)
    local private = peer(2, "new", name)
    local public = peer(1, "public", private)
    local rounds = name == "RSA" and 1 or ROUNDS
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
    for _ = 1, SLOW and name == "RSA" and 0 or rounds do
        local new, signature, pem = run([[
            local type, message, rsa = ...
            local key = tee.key.generate {type = type, size = rsa and 2048 or nil, extractable = not rsa}
            return key:public(), key:sign(message), not rsa and key:export("pem") or nil]], type, MESSAGE,
                name == "RSA")
        check(peer(2, "verify", scheme, new, MESSAGE, signature) == "\1", type ..
            ": the TEE signs with a key of its own")
        if pem then check(peer(1, "public", pem) == new, type .. ": OpenSSL reads the key") end
    end
end

local function encryption()
    local private = peer(2, "new", "RSA")
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
if not SLOW then signatures("rsa-pkcs1", "pkcs1", "RSA") end
signatures("rsa-pss", "pss", "RSA")
encryption()
agreement("ecdh-p256", "EC-256")
agreement("x25519", "X25519")

print(string.format("%d passed, %d failed", passed, failed))
if failed > 0 then error(failed .. " failed", 0) end
