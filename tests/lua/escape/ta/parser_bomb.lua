-- SPDX-License-Identifier: BSD-2-Clause
-- Source text that takes the compiler much longer than reading it.
local cases = require "cases"
return cases((...), {
    {"a chain of elseif", "out of fuel", function()
        load("local x if x then " .. ("elseif x then "):rep(30000) .. "end")
    end},
    {"many labels", "out of fuel", function()
        local t = {}
        for i = 1, 6000 do t[i] = "::l" .. i .. ":: a = 1 " end
        load(table.concat(t))
    end},
    {"a text without end", "out of fuel", function() load(function() return ("x = 1 "):rep(100) end) end},
    {"a comment without end", "out of fuel", function() load(function() return "-- x" end) end},
    {"a string without end", "", function()
        local first = true
        error((select(2, load(function() if first then first = false return "x = '" end return ("x"):rep(1000) end))))
    end},
    {"load, again and again", "out of fuel", function() while true do load("return 1") end end},
    {"many constants", true, function()
        local t = {}
        for i = 1, 5000 do t[i] = "x" .. i end
        assert(load("local t = {'" .. table.concat(t, "','") .. "'} return #t")() == 5000)
    end},
    {"a function of many instructions, entered by few", "out of fuel", function()
        local f = load("local a = ... if a then return end " .. ("a = 1 "):rep(20000) .. "return")
        while true do f() end
    end},
    {"messages about variables of a long function", "out of fuel", function()
        local f = load("local a " .. ("a = 1 "):rep(20000) .. "a = nil return a.x")
        while true do pcall(f) end
    end},
})
