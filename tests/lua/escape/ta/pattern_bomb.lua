-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
local a = ("a"):rep(3000)
return cases((...), {
    {"lazy captures", "out of fuel", function() return a:find(("(.-)"):rep(12) .. "b") end},
    {"greedy repetitions", "out of fuel", function() return a:find(("a*"):rep(12) .. "b") end},
    {"optional characters", "out of fuel", function() return ("a"):rep(28):match(("a?"):rep(28) .. ("a"):rep(29)) end},
    {"balances", "out of fuel", function() return ("("):rep(100000):find("%b()") end},
    {"a class of a hundred thousand characters", "out of fuel", function()
        return ("b"):rep(10000):find("[" .. ("a"):rep(100000) .. "]+c")
    end},
    {"a frontier everywhere", "out of fuel", function()
        while true do a:find("%f[^a]b") end
    end},
    {"back references", "out of fuel", function() return a:find("(.*)%1%1b") end},
    {"a plain search that nearly matches", "out of fuel", function()
        local s = ("a"):rep(200000)
        while true do s:find(("a"):rep(100000) .. "b", 1, true) end
    end},
    {"gmatch without end", "out of fuel", function() while true do for _ in a:gmatch(".-$") do end end end},
    {"201 levels", "pattern too complex", function() return a:find(("a?"):rep(300)) end},
})
