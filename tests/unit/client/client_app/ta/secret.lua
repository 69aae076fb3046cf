-- SPDX-License-Identifier: BSD-2-Clause
-- For tests/unit/client/secret_test.c: secrets that are made here, used, told as their complement, told as they are; 32 bytes of each. RSA is
-- not among them: its private halves are not extractable, so that no script could tell.
local what = ...
local SIZE = 32

local keys = {"aes", "hmac-sha256", "ecdsa-p256", "ecdsa-p384", "ecdh-p256", "ed25519", "x25519", "derived"}

local function make(type)
    tee.key.delete(type)
    if type == "derived" then
        local key <close> = tee.key.open "x25519"
        key:derive {type = "hmac-sha256", peer = key:public(), info = "i", name = type, extractable = true}
    else
        tee.key.generate {type = type, name = type, extractable = true}
    end
end

local function use(key, type)
    print(key, key.size)
    if type == "aes" then print(key:encrypt "text") end
    if type == "hmac-sha256" or type == "derived" then print(key:mac "text") end
    if type:find "^ecdsa" or type == "ed25519" then print(key:sign "text", key:public()) end
    if type == "ecdh-p256" or type == "x25519" then key:derive {type = "aes", peer = key:public(), info = "i"}:close() end
end

if what == "make" then
    tee.store.put("secret", tee.random(SIZE))
    for _, type in ipairs(keys) do make(type) end
    return
end

local raw = {tee.store.get "secret"}
for _, type in ipairs(keys) do
    local key <close> = assert(tee.key.open(type))
    raw[#raw + 1] = key:export("raw"):sub(1, SIZE)
    if what == "use" then use(key, type) end
end
if what == "leak" then return table.concat(raw) .. tee.hex.encode(table.concat(raw)) end
if what == "tell" then
    return (table.concat(raw):gsub(".", function(c) return string.char(255 - c:byte()) end))
end
if what == "forget" then
    for _, type in ipairs(keys) do tee.key.delete(type) end
    tee.store.clear()
end
