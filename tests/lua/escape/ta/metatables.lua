-- SPDX-License-Identifier: BSD-2-Clause
-- Basic types share one metatable each: who changes it changes every script.
local cases = require "cases"
return cases((...), {
    {"the strings' metatable is locked", true, function() assert(getmetatable("") == false) end},
    {"setmetatable takes no string", "table expected", function() setmetatable("", {}) end},
    {"strings have no fields to set", "attempt to index a string", function() local s = "x" s.y = 1 end},
    {"numbers, booleans, functions and nil have none", true, function()
        for _, v in ipairs {1, 1.5, true, print, coroutine.create(print)} do assert(getmetatable(v) == nil) end
        assert(getmetatable(nil) == nil)
    end},
    {"string.rep is replaced, and methods stay", true, function()
        string.rep = function() error "poisoned" end
        string.format = nil
        assert(("x"):rep(3) == "xxx" and ("%d"):format(1) == "1")
    end},
    {"the next call has its own string.rep", true, function() assert(string.rep("x", 2) == "xx") end},
    {"by rawset", true, function() rawset(string, "gsub", nil) rawset(table, "concat", nil) rawset(_G, "assert", nil) end},
    {"and the next call has them all", true, function() assert(string.gsub and table.concat) end},
    {"a called script cannot change the caller's", true, function()
        tee.call("poison")
        assert(string.len("x") == 1 and math.pi > 3 and table.pack and tostring and pairs)
    end},
    {"a module cannot either", true, function()
        require "poison"
        assert(string.len("x") == 1 and math.pi > 3 and table.pack and tostring and pairs)
    end},
    {"the metatable of _G stays in this call", true, function()
        setmetatable(_G, {__index = function() return "poisoned" end})
        assert(nowhere == "poisoned")
    end},
    {"and the next call's is its own", true, function() assert(nowhere == nil and getmetatable(_G) == nil) end},
    {"__metatable hides a metatable", true, function()
        local t = setmetatable({}, {__metatable = "locked"})
        assert(getmetatable(t) == "locked" and not pcall(setmetatable, t, nil))
    end},
    {"the upvalues of string.gmatch cannot be reached", "attempt to index", function() return string.gmatch("a", "a").x end},
})
