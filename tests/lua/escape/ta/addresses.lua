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
    {"the order of pairs does not tell addresses of strings", true, function()
        local t = {}
        for i = 1, 20 do t["k" .. i] = i end
        assert(next(t))
    end},
})
