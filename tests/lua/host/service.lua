-- SPDX-License-Identifier: BSD-2-Clause
-- For the suites of the TEE's services: service.aead.seal(...) calls tee.aead.seal(...) inside the TEE.

local service = {}

local function at(path)
    return setmetatable({}, {
        __index = function(_, name) return at(path and path .. "." .. name or name) end,
        __call = function(_, ...) return TA_call("service", path, ...) end,
    })
end

function service.to_hex(bytes)
    return (bytes:gsub(".", function(c) return string.format("%02x", c:byte()) end))
end

function service.from_hex(hex)
    return (hex:gsub("%s+", ""):gsub("..", function(digits) return string.char(tonumber(digits, 16)) end))
end

-- Bytes that count up: first, first + 1, ...
function service.count(first, size)
    local bytes = {}
    for i = 0, size - 1 do bytes[i + 1] = string.char((first + i) % 256) end
    return table.concat(bytes)
end

-- The same string with one bit changed, for each byte (or each step-th) and one of its bits.
function service.damaged(text, step)
    local i = 1 - (step or 1)
    return function()
        i = i + (step or 1)
        if i <= #text then
            return text:sub(1, i - 1) .. string.char(text:byte(i) ~ (1 << (i % 8))) .. text:sub(i + 1)
        end
    end
end

return setmetatable(service, {__index = function(_, name) return at(name) end})
