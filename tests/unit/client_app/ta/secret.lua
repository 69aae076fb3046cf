-- SPDX-License-Identifier: BSD-2-Clause
-- For client_secret_test: secrets that are made here, used, told as their complement, told as they are.
local what, types = ..., {"aes", "hmac-sha256", "ecdsa-p256", "ed25519", "x25519"}

if what == "make" then
    for _, type in ipairs(types) do
        tee.key.delete(type)
        tee.key.generate {type = type, name = type, extractable = true}
    end
    return
end

local raw = {}
for i, type in ipairs(types) do
    local key <close> = assert(tee.key.open(type))
    raw[i] = key:export("raw")
    if what == "use" then
        print(key, key.size, type == "aes" and key:encrypt("text"), type == "hmac-sha256" and key:mac("text"))
        if type == "ecdsa-p256" or type == "ed25519" then print(key:sign("text"), key:public()) end
        if type == "x25519" then key:derive {type = "aes", peer = key:public(), info = "i"}:close() end
    end
end
if what == "leak" then return table.concat(raw) end
if what == "tell" then
    return (table.concat(raw):gsub(".", function(c) return string.char(255 - c:byte()) end))
end
