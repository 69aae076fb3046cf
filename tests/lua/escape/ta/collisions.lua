-- SPDX-License-Identifier: BSD-2-Clause
-- Keys and strings that fall into one place of a hash table, so that each look-up walks along all of them.
local cases = require "cases"
return cases((...), {
    {"integers that collide in a table, looked up", "out of fuel", function()
        local t, step = {}, (1 << 13) - 1
        for i = 1, 8000 do t[i * step * 1024] = i end
        while true do for i = 1, 8000 do local _ = t[i * step * 1024] end end
    end},
    {"integers that collide in a table, inserted", true, function()
        local t, step = {}, (1 << 12) - 1
        for i = 1, 1000 do t[(i << 12) * step] = i end
        for i = 1, 1000 do assert(t[(i << 12) * step] == i) end
    end},
    {"floats that collide", "out of fuel", function()
        local t = {}
        for i = 1, 4000 do t[2.0 ^ -(i % 1000) * (1 + i)] = i end
        while true do for k in pairs(t) do local _ = t[k] end end
    end},
    {"short strings that differ in one byte", true, function()
        local t = {}
        for i = 0, 255 do for j = 0, 20 do t[("x"):rep(j) .. string.char(i) .. ("x"):rep(20 - j)] = true end end
        local n = 0
        for _ in pairs(t) do n = n + 1 end
        assert(n == 255 * 21 + 1)
    end},
    {"a flood of short strings", "out of fuel", function()
        for i = 1, math.huge do local _ = "key" .. i end
    end},
    {"a flood of strings that stay", "not enough memory", function()
        local t = {}
        for i = 1, math.huge do t["k" .. i] = true end
    end},
})
