-- SPDX-License-Identifier: BSD-2-Clause
-- Sessions with little memory: what runs out of it in every way leaves a session that works as before, each time.

local test = require "test"
local tee = require "tee"
local case, equal, ok = test.case, test.equal, test.ok

local KIB = 1024

-- Each is a call of its own, and ends with an error.
local patterns = {
    {"deep recursion", "local function f() return f() + 1 end return f()"},
    {"deep recursion in a coroutine", "local function f() return f() + 1 end return coroutine.wrap(f)()"},
    {"deep recursion in pcall", "local function f() return f() + 1 end error(select(2, pcall(f)))"},
    {"strings of every size", "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(i % 5000) .. i end"},
    {"one string", "local s = 'x' while true do s = s .. s end"},
    {"small tables", "local t = {} for i = 1, 1e9 do t[i] = {} end"},
    {"one table", "local t = {} for i = 1, 1e9 do t[i] = i end"},
    {"tables of every size", "local t = {} for i = 1, 1e9 do local u = {} for j = 1, i % 70 do u[j] = j end t[i] = u end"},
    {"coroutines", "local t = {} for i = 1, 1e9 do t[i] = coroutine.create(function() end) end"},
    {"coroutines that wait", "local t = {} for i = 1, 1e9 do t[i] = coroutine.wrap(coroutine.yield) t[i]() end"},
    {"closures", "local t = {} for i = 1, 1e9 do t[i] = function() return i end end"},
    {"functions", "local t = {} for i = 1, 1e9 do t[i] = assert(load('local a = ' .. i .. ' return a')) end"},
    {"arguments", "local function f(...) return f(1, ...) end return f()"},
    {"results", "local t = {} for i = 1, 1e9 do t[i] = i return table.unpack(t, 1, 90000) end"},
}

local function open(memory)
    return tee.open {app = test.app, plaintext = true, backend = test.backend, memory = memory}
end

local function works(s, after)
    for i = 1, 3 do
        local fine, value = pcall(s.call, s, "eval", "local t = {} for i = 1, 50 do t[i] = {i .. ''} end return ... + #t", i)
        ok(fine and value == i + 50, after .. ": " .. tostring(value))
    end
end

for _, memory in ipairs(test.slow and {128 * KIB, 320 * KIB} or {128 * KIB, 192 * KIB, 256 * KIB, 320 * KIB, 512 * KIB}) do
    case("a session of " .. memory // KIB .. " KiB that runs out of memory", function()
        for _, pattern in ipairs(patterns) do
            local s <close> = open(memory)
            works(s, "at first")
            for _ = 1, 2 do
                ok(not pcall(s.call, s, "eval", pattern[2]), pattern[1] .. " ends with an error")
                works(s, pattern[1])
            end
        end
    end)

    case("a session of " .. memory // KIB .. " KiB that runs out of memory in every way", function()
        local s <close> = open(memory)
        for _ = 1, 2 do
            for _, pattern in ipairs(patterns) do
                ok(not pcall(s.call, s, "eval", pattern[2]), pattern[1] .. " ends with an error")
                works(s, pattern[1])
            end
        end
        equal(s:info().memory_max, memory)
    end)
end

-- Strings of `size`, then ever smaller things, until there is no room for anything.
local full = [[
    local size, t, list = ..., {}
    pcall(function() while true do t[#t + 1] = ("x"):rep(size) .. #t end end)
    pcall(function() while true do t[#t + 1] = {} end end)
    pcall(function() while true do list = {list} end end)
]]

tee.export("answer", function(size) return ("x"):rep(size) end)

for _, ending in ipairs {
    {"whose slice is over", "for _ = 1, 2100000 do end return 1"},
    {"that calls the host", "return tee.host.answer(1)"},
    {"that gets more than there is room for", "return tee.host.answer(20000)"},
    {"that needs a script", "return tee.call 'nothing'"},
} do
    case("a call with its memory full, " .. ending[1], function()
        for _, size in ipairs(test.slow and {10} or {1, 10, 100, 500}) do
            local s <close> = open(512 * KIB)
            for _ = 1, 2 do
                local fine, e = pcall(s.call, s, "eval", full .. ending[2], size)
                ok(fine or tostring(e):find("memory", 1, true), ending[1] .. ": " .. tostring(e))
                works(s, ending[1] .. ", " .. size)
            end
        end
    end)
end
