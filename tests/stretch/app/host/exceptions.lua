-- SPDX-License-Identifier: BSD-2-Clause
-- Inputs whose stretch may be longer than two slices, and how many slices it may be: they take a step of the TEE that nothing can stop
-- and nothing can cut. A call that prepares such an object counts, too.
local exceptions = {}

local function allow(slices, ...)
    for _, name in ipairs {...} do exceptions[name] = slices end
end

-- RSA of 4096 bits: a private operation, and the check of an imported key.
allow(40, "key:decrypt: rsa-oaep", "key:encrypt: rsa-oaep", "key:sign: rsa-pkcs1", "key:sign: rsa-pss", "key:verify: rsa-pkcs1",
    "key:verify: rsa-pss", "tee.key.import: rsa")
-- The search for two primes ends when it has found them. Ten times what it took when it was measured.
allow(600, "tee.key.generate: rsa")

-- A multiplication on a curve of 384 bits; two of them when a pair is checked.
allow(16, "key:export: ecdsa-p384", "key:public: ecdsa-p384", "key:sign: ecdsa-p384", "key:sign: long data", "key:verify: a long signature",
    "key:verify: ecdsa-p384", "key:verify: long data", "tee.key.generate: ecdsa-p384", "tee.key.import: a pair, ecdsa-p384",
    "tee.key.import: a public key, ecdsa-p384", "tee.key.open")
-- Of 256 bits, and of Edwards' curve.
allow(8, "key:derive: ecdh-p256", "key:export: ecdh-p256", "key:export: ecdsa-p256", "key:public: ecdh-p256", "key:public: ecdsa-p256",
    "key:sign: ecdsa-p256", "key:verify: ecdsa-p256", "tee.key.generate: a stored key", "tee.key.generate: ecdh-p256",
    "tee.key.generate: ecdsa-p256", "tee.key.import: a pair, ecdh-p256", "tee.key.import: a pair, ecdsa-p256",
    "tee.key.import: a pair, ed25519", "tee.key.import: a public key, ecdsa-p256")

-- A write to secure storage, which is whole or not there: at most LUATEE_STORE_SIZE_MAX, encrypted, and handed to Linux.
allow(10, "counter:increment", "tee.store.clear", "tee.store.delete", "tee.store.get: a large value", "tee.store.get: a list",
    "tee.store.get: one of many keys", "tee.store.pairs: a prefix of nothing", "tee.store.pairs: many keys", "tee.store.put: a large value",
    "tee.store.put: a list", "tee.store.put: one of many keys", "tee.store.transaction: large values", "tee.store.transaction: many keys",
    "tee.store.transaction: one key, over and over", "tee.store.transaction: pairs", "tee.store.transaction: reading")
-- Opening a stored key, of as many as there are.
allow(4, "tee.key.list: many keys")

return exceptions
