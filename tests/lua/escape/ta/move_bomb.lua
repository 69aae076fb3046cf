-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
local big = setmetatable({}, {__index = function() return 1 end, __newindex = function() end})
return cases((...), {
    {"2^40 nils", "out of fuel", function() table.move({}, 1, 1 << 40, 2) end},
    {"2^62 nils, downwards", "out of fuel", function() local t = {} table.move(t, 1, 1 << 62, 2, t) end},
    {"with metamethods", "out of fuel", function() table.move(big, 1, 1 << 40, 2) end},
    {"until memory is full", "not enough memory", function()
        local from = setmetatable({}, {__index = function() return 1 end})
        table.move(from, 1, 1 << 40, 1, {})
    end},
})
