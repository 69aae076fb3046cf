-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
local function forever() while true do end end
return cases((...), {
    {"a handler that makes another error of it", "out of fuel", function()
        xpcall(forever, function() return "another" end)
        return "swallowed"
    end},
    {"a handler that never returns", "out of fuel", function() xpcall(forever, forever) return "swallowed" end},
    {"a handler that calls pcall", "out of fuel", function()
        xpcall(forever, function() while true do pcall(forever) end end)
        return "swallowed"
    end},
    {"in a loop", "out of fuel", function() while true do xpcall(forever, function() return 1 end) end end},
    {"a handler with a coroutine", "out of fuel", function()
        xpcall(forever, function() coroutine.wrap(forever)() end)
        return "swallowed"
    end},
})
