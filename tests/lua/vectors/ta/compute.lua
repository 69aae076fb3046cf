-- SPDX-License-Identifier: BSD-2-Clause
-- Takes lists {OPERATION, ARGUMENT...}, and returns what came of each, nil as false.

local operations = {digest = tee.digest, open = tee.aead.open_with_nonce, seal = tee.aead.seal_with_unique_nonce}

function operations.cipher(name, key, iv, text)
    local out = tee.cipher.encrypt_with_unique_iv(name, key, iv, text)
    -- Without the padding that CBC adds.
    return tee.cipher.decrypt_with_iv(name, key, iv, out) == text and out:sub(1, #text)
end

-- Whether there is such a key, and the signature is one of it.
function operations.verify(type, form, public, message, signature)
    local key <close> = tee.key.import {type = type, [form] = public}
    return key and key:verify(message, signature, form == "public" and "raw" or nil)
end

-- Whether it is a public key.
function operations.public(type, point)
    local key <close> = tee.key.import {type = type, public = point}
    return key ~= nil
end

-- COSE_Key, RFC 9053, section 7.1: P-256 is 1, P-384 is 2.
local function pair(type, curve, d, x, y)
    return tee.key.import {type = type, cose = tee.cbor.encode {[1] = 2, [-1] = curve, [-2] = x, [-3] = y, [-4] = d}}
end

-- Whether what a private key signs is good for its public key. Signatures of ECDSA are random.
function operations.sign(type, curve, d, x, y, message)
    local key <close> = pair(type, curve, d, x, y)
    local public <close> = tee.key.import {type = type, public = "\4" .. x .. y}
    return public:verify(message, key:sign(message))
end

-- Whether both sides have the same secret: Z itself is never seen, but what is derived from it is.
function operations.agree(curve, d, x, y, peer, z)
    local key <close> = pair("ecdh-p256", curve, d, x, y)
    local derived <close> = key and key:derive {type = "hmac-sha256", info = "CAVP", peer = peer, extractable = true}
    return derived and derived:export() == tee.kdf.hkdf("sha256", z, nil, "CAVP", 32)
end

-- Of Ed25519: public key, signature, and whether it is one of this message and of no other.
function operations.ed25519(secret, message)
    local key <close> = tee.key.import {type = "ed25519", raw = secret}
    local signature = key:sign(message)
    return key:public("raw") .. signature .. (key:verify(message, signature) and "yes" or "no") ..
        (key:verify(message .. "\0", signature) and "yes" or "no")
end

local results = {}
for i, what in ipairs((...)) do
    results[i] = operations[what[1]](table.unpack(what, 2)) or false
end
return results
