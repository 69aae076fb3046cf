-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
return cases((...), {
    {"a comparison that never returns", "out of fuel", function() table.sort({2, 1}, function() while true do end end) end},
    {"a table that says it is long", "array too big", function() table.sort(setmetatable({}, {__len = function() return 1 << 40 end})) end},
    {"a million elements that are not there", "out of fuel", function()
        table.sort(setmetatable({}, {__len = function() return 1000000 end, __index = function(_, k) return k end,
            __newindex = function() end}))
    end},
    {"an order that is none", true, function()
        local t = {}
        for i = 1, 500 do t[i] = i end
        pcall(table.sort, t, function() return true end)
        pcall(table.sort, t, function() return math.random() < 0.5 end)
    end},
    {"a comparison that sorts", "C stack overflow", function()
        local function less() table.sort({3, 2, 1}, less) return false end
        less()
    end},
    {"long strings that differ at their ends", "out of fuel", function()
        local t, s = {}, ("x"):rep(10000)
        for i = 1, 60 do t[i] = s .. (i * 37 % 61) end
        while true do table.sort(t) table.sort(t, function(a, b) return a > b end) end
    end},
})
