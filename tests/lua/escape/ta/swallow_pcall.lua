-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
local function forever() while true do end end
return cases((...), {
    {"once, and a result", "out of fuel", function() pcall(forever) return "swallowed" end},
    {"in a loop", "out of fuel", function() while true do pcall(forever) end end},
    {"inside each other", "out of fuel", function() pcall(pcall, pcall, forever) return "swallowed" end},
    {"150 deep", "out of fuel", function()
        local function f(n) if n == 0 then forever() end pcall(f, n - 1) return "swallowed" end
        return f(150)
    end},
    {"with another error after it", "out of fuel", function() pcall(forever) error "another" end},
    {"in a library function", "out of fuel", function() pcall(string.rep, "", 1 << 40) return "swallowed" end},
    {"in a comparison of sort", "out of fuel", function()
        table.sort({3, 2, 1}, function() pcall(forever) return false end)
        return "swallowed"
    end},
    {"by a called script", "out of fuel", function() pcall(tee.call, "forever") return "swallowed" end},
    {"by require", "out of fuel", function() pcall(require, "forever") return "swallowed" end},
    {"by load's reader", "out of fuel", function() load(forever) return "swallowed" end},
    {"by a metamethod", "out of fuel", function()
        local t = setmetatable({}, {__index = function() pcall(forever) return 1 end})
        return t.x
    end},
    {"by recursion without a loop", "out of fuel", function()
        local function f() pcall(f) pcall(f) end
        while true do f() end
    end},
})
