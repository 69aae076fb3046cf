-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
local function long(n)
    return setmetatable({}, {__len = function() return n end, __index = function() end, __newindex = function() end})
end
return cases((...), {
    {"insert into a table that says it is long", "out of fuel", function() table.insert(long(1 << 60), 1, 1) end},
    {"remove from one", "out of fuel", function() table.remove(long(1 << 60), 1) end},
    {"insert at the front, again and again", "out of fuel", function()
        local t = {}
        while true do table.insert(t, 1, 1) end
    end},
    {"insert at the end, until memory is full", "not enough memory", function()
        local t = {}
        while true do t[#t + 1] = {} t[#t + 1] = ("x"):rep(200) .. #t end
    end},
    {"the length is not a number", "object length is not an integer", function() table.insert(long("x"), 1) end},
    {"# of a table of holes", true, function()
        local t = {}
        for i = 0, 60 do t[1 << i] = 1 end
        assert(#t >= 1)
    end},
    {"next over what was removed, again and again", "out of fuel", function()
        local t = {}
        for i = 1, 20000 do t[i] = i end
        for i = 1, 20000 do t[i] = nil end
        while true do next(t) end
    end},
})
