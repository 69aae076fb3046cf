-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
return cases((...), {
    {"each character becomes a kilobyte", "not enough memory", function()
        return ("x"):rep(100000):gsub(".", ("y"):rep(1024))
    end},
    {"of its own result", "not enough memory", function() local s = "xx" while true do s = s:gsub("x", "xxxx") end end},
    {"a replacement of empty captures", "out of fuel|not enough memory", function()
        return ("x"):rep(1000):gsub("()", ("%%2"):rep(100000):gsub("2", "%%"))
    end},
    {"empty matches without end", "out of fuel", function() while true do (("x"):rep(1000)):gsub("", "") end end},
    {"a callback that never returns", "out of fuel", function() ("x"):gsub("x", function() while true do end end) end},
    {"a callback inside a callback", "C stack overflow", function()
        local function f() return (("x"):gsub("x", f)) end
        f()
    end},
    {"a table with __index that never returns", "out of fuel", function()
        ("x"):gsub("x", setmetatable({}, {__index = function() while true do end end}))
    end},
})
