-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
return cases((...), {
    {"a string that doubles", "not enough memory", function() local s = "x" while true do s = s .. s end end},
    {"table.concat to 2^60", "out of fuel", function()
        return table.concat(setmetatable({}, {__index = function() return "" end}), "", 1, 1 << 60)
    end},
    {"table.concat of large pieces", "not enough memory", function()
        local t, s = {}, ("x"):rep(10000)
        for i = 1, 1000 do t[i] = s end
        return table.concat(t, s)
    end},
    {"__concat that never returns", "out of fuel", function()
        return setmetatable({}, {__concat = function() while true do end end}) .. "x"
    end},
    {"many short strings", "not enough memory", function()
        local t = {}
        for i = 1, math.huge do t[i] = "string number " .. i end
    end},
})
