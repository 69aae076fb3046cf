-- SPDX-License-Identifier: BSD-2-Clause
-- Base32 (RFC 4648, section 6), in which authenticators expect secrets. The module holds no secret, so Linux may import
-- it.
local DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

local base32 = {}

-- Encodes without padding, as otpauth:// URIs require.
function base32.encode(bytes)
    local digits, bits, size = {}, 0, 0
    for i = 1, #bytes do
        bits, size = bits << 8 | bytes:byte(i), size + 8
        while size >= 5 do
            size = size - 5
            local digit = (bits >> size & 31) + 1
            digits[#digits + 1] = DIGITS:sub(digit, digit)
        end
        bits = bits & (1 << size) - 1
    end
    if size > 0 then
        local digit = (bits << 5 - size & 31) + 1
        digits[#digits + 1] = DIGITS:sub(digit, digit)
    end
    return table.concat(digits)
end

-- Decodes text as services show it to people: in upper or lower case, in groups, with or without padding. Returns nil
-- for any other text.
function base32.decode(text)
    local bytes, bits, size = {}, 0, 0
    for digit in text:gsub("[ -]", ""):gsub("=+$", ""):upper():gmatch(".") do
        local value = DIGITS:find(digit, 1, true)
        if not value then return nil end
        bits, size = bits << 5 | value - 1, size + 5
        if size >= 8 then
            size = size - 8
            bytes[#bytes + 1] = string.char(bits >> size)
        end
        bits = bits & (1 << size) - 1
    end
    -- The bits that are left must be fewer than a digit has, and all 0. Otherwise a digit is missing or not canonical.
    if size >= 5 or bits ~= 0 then return nil end
    return table.concat(bytes)
end

return base32
