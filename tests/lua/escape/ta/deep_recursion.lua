-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
return cases((...), {
    {"functions", "stack overflow|not enough memory", function() local function f() return 1 + f() end f() end},
    {"parentheses in the parser", "overflow", function() error(select(2, load("return " .. ("("):rep(1000) .. "1"))) end},
    {"tables in the parser", "overflow", function() error(select(2, load("return " .. ("{"):rep(1000)))) end},
    {"functions in the parser", "overflow", function() error(select(2, load(("return function() "):rep(1000)))) end},
    {"blocks in the parser", "overflow", function() error(select(2, load(("do "):rep(1000)))) end},
    {"operators in the parser", "overflow", function() error(select(2, load("return " .. ("not "):rep(1000) .. "1"))) end},
    {"concatenations in the parser", "overflow", function() error(select(2, load("return " .. ("1 .. "):rep(1000) .. "1"))) end},
    {"patterns", "too complex", function() return ("x"):rep(300):find(("x?"):rep(300)) end},
    {"tostring", "C stack overflow", function()
        local t = setmetatable({}, {})
        getmetatable(t).__tostring = function(v) return tostring(v) end
        return tostring(t)
    end},
    {"__eq", "C stack overflow", function()
        local meta = {}
        local a, b = setmetatable({}, meta), setmetatable({}, meta)
        meta.__eq = function(x, y) return x == y end
        return a == b
    end},
    {"__lt", "C stack overflow", function()
        local t = setmetatable({}, {__lt = function(x, y) return x < y end})
        return t < t
    end},
    {"__index functions", "C stack overflow", function()
        local t = setmetatable({}, {__index = function(s, k) return s[k] end})
        return t.x
    end},
    {"__call of itself", "overflow|out of fuel", function()
        local t = setmetatable({}, {})
        getmetatable(t).__call = t
        t()
    end},
    {"__close of itself", "overflow", function()
        local function f() local x <close> = setmetatable({}, {__close = f}) end
        f()
    end},
    {"scripts in scripts", "deeper than", function() tee.call("nested") end},
    {"pcall in pcall", true, function() local function f() return pcall(f) end f() end},
})
