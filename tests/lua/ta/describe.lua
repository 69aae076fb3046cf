-- SPDX-License-Identifier: BSD-2-Clause
-- Tells what its arguments are, in text that hides nothing. The host runs this same file on the same values: when both
-- tell the same, the value crossed unchanged, and not just there and back.
local describe

local function number(v)
    if math.type(v) == "integer" then
        return "integer " .. v
    elseif v ~= v then
        return "float nan"
    end
    return "float " .. string.format("%016x", (string.unpack("<i8", string.pack("<d", v))))
end

local function string_(s)
    local sum = 0
    for i = 1, #s do
        sum = (sum * 31 + s:byte(i)) & 0xffffffff
    end
    return "string of " .. #s .. " sum " .. sum
end

local function table_(t)
    local parts = {}
    for key, value in pairs(t) do
        parts[#parts + 1] = describe(key) .. "=" .. describe(value)
    end
    -- Not #t: with holes in it, a table has more than one border.
    table.sort(parts)
    return "table of " .. #parts .. " {" .. table.concat(parts, ", ") .. "}"
end

function describe(v)
    local kind = type(v)
    if kind == "number" then return number(v) end
    if kind == "string" then return string_(v) end
    if kind == "table" then return table_(v) end
    return kind .. " " .. tostring(v)
end

local out = {}
for i = 1, select("#", ...) do
    out[i] = describe((select(i, ...)))
end
return table.concat(out, "; ")
