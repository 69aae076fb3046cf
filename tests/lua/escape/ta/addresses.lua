-- SPDX-License-Identifier: BSD-2-Clause
-- Who can read addresses knows where to aim.
local cases = require "cases"
local function number(v) return tonumber(tostring(v):match("0x(%x+)"), 16) end
local function spread(make)
    local seen, upper, distinct = {}, {}, 0
    for i = 1, 200 do
        local n = number(make(i))
        assert(not seen[n], "two objects look the same")
        seen[n] = true
        if not upper[n >> 32] then upper[n >> 32] = true distinct = distinct + 1 end
    end
    -- Addresses of one heap have the same upper half.
    assert(distinct > 190, distinct)
end
local keep = {}
local function kept(v) keep[#keep + 1] = v return v end

-- Where an object's key lies among 2^9 places, as the order of next() tells: stock Lua's is its address modulo 2^9 - 1.
local function place(object)
    local size, modulus = 1 << 9, (1 << 9) - 1
    local function is_at_most(limit)
        local t = {}
        for i = 0, size // 2 do t[i + modulus * ((1 << 20) + i)] = true end
        for i = 0, size // 2 do t[i + modulus * ((1 << 20) + i)] = nil end
        t[object] = true
        t[limit + modulus * ((1 << 21) + limit)] = true
        return next(t) == object
    end
    local low, high = 0, modulus - 1
    while low < high do
        local middle = (low + high) // 2
        if is_at_most(middle) then high = middle else low = middle + 1 end
    end
    return low
end

return cases((...), {
    {"tables", true, function() spread(function() return kept {} end) end},
    {"functions", true, function() spread(function(i) return kept(function() return i end) end) end},
    {"coroutines", true, function() spread(function() return kept(coroutine.create(print)) end) end},
    {"%p", true, function()
        spread(function() return kept(("%p"):format(kept {})) end)
        assert(("%p"):format(1) == "(null)")
    end},
    {"C functions", true, function()
        local a, b = number(string.len), number(string.sub)
        assert(a ~= b and a >> 32 ~= b >> 32)
    end},
    {"the same object looks the same", true, function() local t = {} assert(tostring(t) == tostring(t)) end},
    {"%p and tostring agree", true, function() local t = {} assert(tostring(t) == "table: " .. ("%p"):format(t)) end},
    {"the order of next does not tell addresses of tables", true, function()
        local tables, distances, most = {}, {}, 0
        for i = 1, 12 do tables[i] = {} end
        for i = 2, 12 do
            local distance = (place(tables[i]) - place(tables[i - 1])) % 511
            distances[distance] = (distances[distance] or 0) + 1
            most = math.max(most, distances[distance])
        end
        -- One after the other, they would be as far apart as tables are large.
        assert(most < 8, most)
    end},
    {"the order of pairs does not tell addresses of strings", true, function()
        local t = {}
        for i = 1, 20 do t["k" .. i] = i end
        assert(next(t))
    end},
})
