-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
local function chain(n, field)
    local t = {}
    for _ = 1, n do t = setmetatable({}, {[field] = t}) end
    return t
end
return cases((...), {
    {"__index of 100,000 tables, or as many as fit", "", function() return chain(100000, "__index").x or error "loop" end},
    {"__index of 2,500 tables", "chain too long", function() return chain(2500, "__index").x end},
    {"__newindex of 2,500 tables", "chain too long", function() chain(2500, "__newindex").x = 1 end},
    {"__index of 1,500 tables, again and again", "out of fuel", function()
        local t = chain(1500, "__index")
        while not t.x do end
    end},
    {"__index of itself", "chain too long", function()
        local t = {}
        setmetatable(t, {__index = t})
        getmetatable(t).__index = setmetatable({}, {__index = t})
        return t.x
    end},
})
