-- SPDX-License-Identifier: BSD-2-Clause
-- UUIDs of callers as Linux makes them for TEEs: version 5 (RFC 4122, section 4.3: SHA-1 of a name space and a name).

local uuid = {}

-- Linux's name space of TEE clients.
local SPACE = "\x58\xac\x9c\xa0\x20\x86\x46\x83\xa1\xb8\xec\x4b\xc0\x8e\x01\xb6"

local function rotate(x, n)
    return (x << n | x >> (32 - n)) & 0xffffffff
end

-- FIPS 180-4, section 6.1.
local function sha1(message)
    local h = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}
    message = message .. "\x80" .. ("\0"):rep((55 - #message) % 64) .. string.pack(">I8", #message * 8)
    for block = 1, #message, 64 do
        local w = {string.unpack((">I4"):rep(16), message, block)}
        for i = 17, 80 do w[i] = rotate(w[i - 3] ~ w[i - 8] ~ w[i - 14] ~ w[i - 16], 1) end
        local a, b, c, d, e = table.unpack(h)
        for i = 1, 80 do
            local f, k
            if i <= 20 then
                f, k = b & c | ~b & d, 0x5a827999
            elseif i <= 40 then
                f, k = b ~ c ~ d, 0x6ed9eba1
            elseif i <= 60 then
                f, k = b & c | b & d | c & d, 0x8f1bbcdc
            else
                f, k = b ~ c ~ d, 0xca62c1d6
            end
            a, b, c, d, e = (rotate(a, 5) + f + e + k + w[i]) & 0xffffffff, a, rotate(b, 30), c, d
        end
        for i, x in ipairs {a, b, c, d, e} do h[i] = (h[i] + x) & 0xffffffff end
    end
    return string.pack(">I4I4I4I4I4", table.unpack(h))
end

function uuid.of(name)
    local low, mid, high, clock, node_a, node_b = string.unpack(">I4I2I2I2I2I4", sha1(SPACE .. name))
    return string.format("%08x-%04x-%04x-%04x-%04x%08x", low, mid, high & 0x0fff | 0x5000, clock & 0x3fff | 0x8000, node_a,
        node_b)
end

return uuid
