-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
local function count(...) return select("#", ...) end
local function many(n) return table.unpack({}, 1, n) end
return cases((...), {
    {"30,000 arguments", true, function() assert(count(many(30000)) == 30000) end},
    {"150,000 arguments", "too many results", function() return count(many(150000)) end},
    {"arguments that grow", "stack overflow|out of fuel", function()
        local function f(...) return f(1, ..., ...) end
        f()
    end},
    {"passed on and on", "out of fuel", function()
        local function f(...) return count(...) end
        while true do f(many(20000)) end
    end},
    {"through coroutines", true, function()
        assert(count(coroutine.wrap(function(...) return coroutine.yield(...) end)(many(30000))) == 30000)
    end},
    {"through pcall", true, function() assert(count(pcall(count, many(40000))) == 2) end},
    {"in table.pack", true, function() assert(table.pack(many(30000)).n == 30000) end},
    {"in string.char", "number expected", function() return string.char(many(40000)) end},
    {"in math.max", "attempt to compare", function() return math.max(many(40000)) end},
    {"a frame that returns them, again and again", "out of fuel", function()
        local function f(n) if n == 0 then return many(1000) end return 1, f(n - 1) end
        while true do f(100) end
    end},
})
