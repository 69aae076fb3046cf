-- SPDX-License-Identifier: BSD-2-Clause
-- The services against OpenSSL: keys, texts and their sizes are new each time. Several of a kind cross in one call.

local p = require "peer"
local peer, run, check = p.peer, p.run, p.check
local ROUNDS = p.SLOW and 2 or 20
local BITS = {[16] = "128", [24] = "192", [32] = "256"}

-- Sizes around a block come up as well as others.
local function size()
    return math.random(2) == 1 and math.random(0, 70) or math.random(0, 1000)
end

local function bytes(n)
    return run("return tee.random(...)", n)
end

local function key()
    return bytes(({16, 24, 32})[math.random(3)])
end

local function all_rounds(f, ...)
    for _ = 1, ROUNDS do f(...) end
end

local function digest(name)
    local data = bytes(size())
    local ours = run("return tee.digest(...)", name, data)
    check(ours == peer(2, "digest", name, data), name .. " of " .. #data .. " bytes")
end

local function mac(name)
    local secret, data = bytes(size()), bytes(size())
    check(run("return tee.mac(...)", name, secret, data) == peer(2, "hmac", name, secret, data),
        ("hmac-%s of %d bytes, key of %d"):format(name, #data, #secret))
end

local function kdf(name)
    local secret, salt, info, wanted = bytes(size() + 1), bytes(size()), bytes(size()), math.random(1, 200)
    local hkdf, pbkdf2 = run([[
        local name, secret, salt, info, wanted = ...
        return tee.kdf.hkdf(name, secret, salt, info, wanted), tee.kdf.pbkdf2(name, secret, salt, 7, wanted)]],
        name, secret, salt, info, wanted)
    local what = ("-%s, %d bytes of %d, %d, %d"):format(name, wanted, #secret, #salt, #info)
    check(hkdf == peer(3, "hkdf", name, tostring(wanted), secret, salt, info), "hkdf" .. what)
    check(pbkdf2 == peer(4, "pbkdf2", name, tostring(wanted), "7", secret, salt), "pbkdf2" .. what)
end

local function cipher(mode)
    local secret, iv, text = key(), bytes(16), bytes(size())
    local name = "aes-" .. BITS[#secret] .. "-" .. mode
    local what = ("aes-%s, %d bits, %d bytes: "):format(mode, #secret * 8, #text)
    local theirs = peer(3, "cipher", name, "1", secret, iv, text)
    local ours, back = run([[
        local name, key, iv, text, theirs = ...
        return tee.cipher.encrypt_with_unique_iv(name, key, iv, text),
            tee.cipher.decrypt_with_iv(name, key, iv, theirs)]], "aes-" .. mode, secret, iv, text, theirs)
    check(ours == theirs, what .. "the TEE encrypts as OpenSSL does")
    check(back == text, what .. "OpenSSL encrypts, the TEE decrypts")
    check(peer(3, "cipher", name, "0", secret, iv, ours) == text, what .. "the TEE encrypts, OpenSSL decrypts")
end

local function aead(mode)
    local secret, aad, text = key(), bytes(size()), bytes(size())
    local nonce = bytes(mode == "gcm" and 12 or math.random(7, 13))
    local tag = mode == "gcm" and math.random(12, 16) or 2 * math.random(2, 8)
    local name = "aes-" .. BITS[#secret] .. "-" .. mode
    local what = ("aes-%s, %d bits, %d bytes, %d more, nonce of %d, tag of %d: "):format(mode, #secret * 8, #text, #aad,
        #nonce, tag)
    local theirs = peer(3, "seal", name, tostring(tag), secret, nonce, aad, text)
    local ours, back, other, box = run([[
        local name, key, nonce, aad, text, tag, theirs = ...
        local changed = theirs:sub(1, -2) .. string.char(theirs:byte(-1) ~ 1)
        return tee.aead.seal_with_unique_nonce(name, key, nonce, text, aad, tag),
            tee.aead.open_with_nonce(name, key, nonce, theirs, aad, tag),
            (tee.aead.open_with_nonce(name, key, nonce, changed, aad, tag)) or false,
            tee.aead.seal(name, key, text, aad)]], "aes-" .. mode, secret, nonce, aad, text, tag, theirs)
    check(ours == theirs, what .. "the TEE seals as OpenSSL does")
    check(back == text, what .. "OpenSSL seals, the TEE opens")
    check(other == false, what .. "one bit of OpenSSL's tag is wrong")
    local opened = peer(3, "open", name, "16", secret, box:sub(1, 12), aad, box:sub(13))
    check(opened == text, what .. "the TEE seals, OpenSSL opens")
end

for _, name in ipairs {"sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512"} do all_rounds(digest, name) end
for _, name in ipairs {"sha1", "sha256", "sha384", "sha512"} do all_rounds(mac, name) end
for _, name in ipairs {"sha256", "sha384", "sha512"} do all_rounds(kdf, name) end
for _, mode in ipairs {"ctr", "cbc"} do all_rounds(cipher, mode) end
for _, mode in ipairs {"gcm", "ccm"} do all_rounds(aead, mode) end
