-- SPDX-License-Identifier: BSD-2-Clause
-- Crashes of Lua's compiler and of its messages that were published (CVE numbers), in the shape they were.
local cases = require "cases"
local function compile(text) return assert(load(text)) end
return cases((...), {
    {"CVE-2022-28805: a constant _ENV", "attempt to index", function()
        return compile("local _ENV <const> = 1; return x.y")()
    end},
    {"CVE-2021-44647: the name of an iterator that is not a function", "attempt to call", function()
        compile("local function f() for i in nil do end end f()")()
    end},
    {"CVE-2014-5461: more parameters than the stack has", true, function()
        local names = {}
        for i = 1, 100 do names[i] = "p" .. i end
        local f = compile("local function f(" .. table.concat(names, ",") .. ", ...) return ... end return f")()
        assert(select("#", coroutine.wrap(f)()) == 0)
    end},
    {"CVE-2021-43519: coroutines inside coroutines", "C stack overflow", function()
        local function f() local ok, e = coroutine.resume(coroutine.create(f)) if not ok then error(e, 0) end end
        f()
    end},
    {"CVE-2022-33099: an error that begins when the stack has overflowed", "stack overflow", function()
        local function f(...) return f(1, ...) + 1 end
        f()
    end},
    {"CVE-2020-24342: a long message at the end of the stack", true, function()
        local function f() return ("x"):rep(100) < {} or f() end
        local function deep(n) if n == 0 then return pcall(f) end return (deep(n - 1)) end
        assert(deep(150) == false)
    end},
    {"CVE-2020-15888: the stack shrinks while a coroutine is closed", true, function()
        for _ = 1, 20 do
            local co = coroutine.create(function()
                local x <close> = setmetatable({}, {__close = function() collectgarbage() end})
                local function f(n) if n > 0 then return (f(n - 1)) end coroutine.yield() end
                f(500)
            end)
            coroutine.resume(co)
            coroutine.close(co)
        end
    end},
    {"200 local variables and more", "too many local variables", function()
        compile(("local a "):rep(201))
    end},
    {"more upvalues than a function has", "upvalues", function()
        local t = {}
        for i = 1, 3 do
            for j = 1, 100 do t[#t + 1] = ("local v%d_%d = 1 "):format(i, j) end
            t[#t + 1] = "local function f" .. i .. "() "
        end
        local names = {}
        for i = 1, 3 do for j = 1, 100 do names[#names + 1] = ("v%d_%d"):format(i, j) end end
        compile(table.concat(t) .. "return function() return " .. table.concat(names, "+") .. " end end end end")
    end},
    {"a goto into the scope of a variable", "jumps into the scope", function()
        compile("goto x; local a; ::x:: print(a)")
    end},
    {"a number of a million digits", true, function() assert(compile("return " .. ("9"):rep(100000))() == math.huge) end},
    {"an attribute that does not exist", "attribute", function() compile("local x <gc> = 1") end},
})
