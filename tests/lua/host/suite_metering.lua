-- SPDX-License-Identifier: BSD-2-Clause
-- Fuel, slices and deadlines, seen from scripts that do nothing wrong. tests/lua/escape has those that do.

local test = require "test"
local tee = require "tee"
local case, equal, raises_text, ok = test.case, test.equal, test.raises_text, test.ok

local BUDGET = 1000000000
-- More instructions than a slice has, so that the call stops and goes on in its middle.
local LONG = "local s = 0 for i = 1, 1500000 do s = s + i % 7 end "
local SUM = 4500000

case("tee.fuel returns used and remaining units", function()
    local used, left, later = test.tee("local u, l = tee.fuel() for i = 1, 1000 do end return u, l, (tee.fuel())")
    ok(used > 0 and used < 10000, "used")
    equal(used + left, BUDGET)
    ok(later - used >= 1000 and later - used < 2000, "a loop of 1,000 rounds takes " .. later - used)
end)

case("each call has a full budget", function()
    local first = test.tee("for i = 1, 100000 do end return (tee.fuel())")
    local second = test.tee("for i = 1, 100000 do end return (tee.fuel())")
    equal(first // 1000, second // 1000)
end)

case("called scripts, modules and coroutines pay from the same budget", function()
    local before, after = test.tee([[
        local before = tee.fuel()
        tee.call("eval", "for i = 1, 100000 do end")
        coroutine.wrap(function() for i = 1, 100000 do end end)()
        pcall(function() for i = 1, 100000 do end end)
        return before, (tee.fuel())]])
    ok(after - before >= 300000 and after - before < 400000, after - before)
end)

case("straight code costs its instructions, whatever lies behind a return", function()
    local short, long = test.tee([[
        local body = ("a = 1 "):rep(2000)
        local f = load("local n = ... if n then return 1 end local a " .. body .. " return 2")
        local a = tee.fuel()
        for i = 1, 100 do f(true) end
        local b = tee.fuel()
        for i = 1, 100 do f(false) end
        return b - a, tee.fuel() - b]])
    ok(short < 5000, "returning early: " .. short)
    ok(long > 200000 and long < 220000, "to the end: " .. long)
end)

case("a call goes on after its slice", function() equal(test.tee(LONG .. "return s"), SUM) end)

local places = {
    {"in a coroutine", "return coroutine.wrap(function() %s return s end)()"},
    {"in coroutines inside each other", [[
        local function f(n)
            if n > 0 then return (coroutine.wrap(f)(n - 1)) end
            %s return s
        end
        return f(20)]]},
    {"between yields", [[
        local co = coroutine.wrap(function(x) for i = 1, 3 do %s x = coroutine.yield(s + x) end end)
        local a, b = co(1), co(2)
        assert(a == b - 1)
        return a - 1]]},
    {"in pcall", "return select(2, pcall(function() %s return s end))"},
    {"in xpcall, with an error after it", [[
        local _, s = xpcall(function() %s error(s, 0) end, function(e) return e end)
        return s]]},
    {"in a metamethod", "return setmetatable({}, {__index = function() %s return s end}).x"},
    {"in a comparison", [[
        local seen
        local t = setmetatable({}, {__lt = function() %s seen = s return true end})
        assert(t < t)
        return seen]]},
    {"in __close", [[
        local seen
        do local x <close> = setmetatable({}, {__close = function() %s seen = s end}) end
        return seen]]},
    {"in an iterator", [[
        local last
        for s in function(_, c) if not c then %s return s end end do last = s end
        return last]]},
    {"in a function of many arguments", "return (function(...) %s return s, ... end)(table.unpack({}, 1, 200))"},
    {"in a tail call", "local function f() %s return s end local function g() return f() end return g()"},
    {"in a comparison of table.sort, which cannot stop", [[
        local seen
        table.sort({2, 1}, function(a, b) %s seen = s return a < b end)
        return seen]]},
    {"in a callback of string.gsub, which cannot stop", [[
        local seen
        ("x"):gsub("x", function() %s seen = s end)
        return seen]]},
    {"in a coroutine inside table.sort", [[
        local seen
        table.sort({2, 1}, function(a, b) seen = coroutine.wrap(function() %s return s end)() return a < b end)
        return seen]]},
    {"in a called script", "return tee.call('eval', [==[%s return s]==])"},
    {"in recursion without a loop", [[
        local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
        assert(fib(26) == 121393)
        return ]] .. SUM},
    {"with print in between", "for i = 1, 3 do %s print(s) end return " .. SUM},
}
for _, place in ipairs(places) do
    case("a slice ends " .. place[1], function()
        local source = place[2]:gsub("%%s", function() return LONG end)
        equal((test.tee(source)), SUM)
    end)
end

-- Calls nest as deep as the C stack has room for, and what a slice unwinds of it still counts.
case("how deep calls nest does not depend on where slices end", function()
    local source = [[
        local work = ...
        local depth
        local function busy() depth = depth + 1 for _ = 1, work do end end
        local function by_pcall() busy() return pcall(pcall, by_pcall) end
        local function by_coroutine() busy() return coroutine.wrap(by_coroutine)() end
        local t = setmetatable({}, {__index = function(t, k) busy() return t[k + 1] end})
        local function by_index() return t[1] end
        local depths = {}
        for _, nest in ipairs {by_pcall, by_index, by_coroutine, by_pcall, by_index} do
            depth = 0
            pcall(nest)
            depths[#depths + 1] = depth
        end
        return table.concat(depths, " ")]]
    local depths = test.tee(source, 0)
    equal(test.tee(source, 100000), depths)
    equal(test.tee(source, 7001), depths)
end)

case("a deadline that is not reached", function()
    equal(tee.with {deadline = 60}.call("echo", 1), 1)
    local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend}
    equal(s:with {deadline = 60}.call("echo", 2), 2)
end)

case("a deadline that is", function()
    raises_text("cancelled: the deadline is over", tee.with {deadline = 0.05}.call, "eval", "while true do end")
    equal(TA_call("echo", 1), 1)
end)

local CANCELLATIONS = test.few and 10 or 100
case("cancelled after 0.2 s, " .. CANCELLATIONS .. " times in a row", function()
    local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend}
    local short = s:with {deadline = 0.2}
    for i = 1, CANCELLATIONS do
        raises_text("cancelled: the deadline is over", short.call, "eval", "while true do end")
        equal(s:call("echo", i), i)
    end
end)

-- Lua cannot stop inside these: the TEE itself looks whether the time is over. Without that, they end out of fuel.
local stuck = {
    {"a comparison of table.sort", "table.sort({2, 1}, function() while true do end end)"},
    {"a callback of string.gsub", "('x'):gsub('x', function() while true do end end)"},
    {"__tostring", "tostring(setmetatable({}, {__tostring = function() while true do end end}))"},
    {"the reader of load", "load(function() while true do end end)"},
    {"the message handler of xpcall", "xpcall(error, function() while true do end end)"},
    {"__len in table.insert", "table.insert(setmetatable({}, {__len = function() while true do end end}), 1)"},
    {"__index in table.unpack", "table.unpack(setmetatable({}, {__index = function() while true do end end}), 1, 2)"},
    {"pcall inside table.sort", "table.sort({2, 1}, function() while true do pcall(error) end end)"},
    {"a coroutine inside table.sort", [[
        table.sort({2, 1}, function() coroutine.wrap(function() while true do end end)() end)]]},
    {"coroutines inside string.gsub, over and over", [[
        ('x'):gsub('x', function() while true do coroutine.wrap(function() for i = 1, 1000 do end end)() end end)]]},
    {"a pattern", "(('a'):rep(1000)):find(('.-'):rep(12) .. 'b')"},
    {"a pattern in a coroutine", "coroutine.wrap(function() (('a'):rep(1000)):find(('.-'):rep(12) .. 'b') end)()"},
    {"table.move", "table.move({}, 1, 1 << 40, 2)"},
    {"table.concat", "table.concat(setmetatable({}, {__index = function() return '' end}), '', 1, 1 << 40)"},
}
for _, place in ipairs(stuck) do
    case("a deadline ends " .. place[1], function()
        raises_text("cancelled: the deadline is over", tee.with {deadline = 0.05}.call, "eval", place[2])
        equal(tee.call("echo", 1), 1)
    end)
end

-- What the TEE does meanwhile: ask, end the call that is inside, and go on with the one around it.
local function with_inner(f)
    tee.export("inner", f)
    return tee.call("eval", "local r = tee.host.inner() return 'outer', r, tee.fuel()")
end

case("a deadline of a call inside a call ends that one alone", function()
    for _, script in ipairs {"while true do end", "table.sort({2, 1}, function() while true do end end)"} do
        local name, reason, used, left = with_inner(function()
            local _, why = pcall(tee.with {deadline = 0.05}.call, "eval", script)
            equal(tee.call("echo", 1), 1)
            return why
        end)
        equal(name, "outer")
        equal(reason, "cancelled: the deadline is over")
        -- What the call inside used is on the bill.
        equal(used > 10000 and left > 0, true)
        equal(used + left, select(2, tee.call("eval", "local used, left = tee.fuel() return 0, used + left")))
    end
end)

case("calls inside a call are late over and over, and the one around them runs out of fuel", function()
    local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend, fuel = 3000000}
    local reasons = {}
    s:export("inner", function()
        local _, why = pcall(s:with {deadline = 0.001}.call, "eval", "while true do end")
        reasons[#reasons + 1] = why
        return why
    end)
    raises_text("out of fuel", s.call, s, "eval", "while true do tee.host.inner() end")
    equal(reasons[1], "cancelled: the deadline is over")
end)

-- Keys that all have one place in a table of stock Lua: i * (2^16 - 1), at size 2^16. Here they cost what others cost.
local M <const> = (1 << 16) - 1
local N <const> = (1 << 15) + 1

-- Fuel that source used, with the list first, 2 * first, 3 * first ...
local function fuel_for(source, first)
    local list = {}
    for i = 1, N do list[i] = i * first end
    return TA_call("eval", "local list = ... local before = tee.fuel() " .. source .. " return tee.fuel() - before", list)
end

local function costs_the_same(source)
    local chosen, others = fuel_for(source, M), fuel_for(source, M + 2)
    ok(chosen < others * 1.1 and others < chosen * 1.1, chosen .. " units, and " .. others .. " for others")
end

case("a table whose keys Linux chose", function()
    costs_the_same("local seen = {} for _, id in ipairs(list) do seen[id] = true end")
    costs_the_same("local seen = {} for _, id in ipairs(list) do seen[id + 0.5] = true end")
end)

case("CBOR whose keys Linux chose", function()
    costs_the_same [=[
        local map = {}
        for _, id in ipairs(list) do map[id] = true end
        assert(tee.cbor.decode(tee.cbor.encode(map))[list[1]])]=]
end)

case("a script whose constants Linux chose", function()
    costs_the_same [[assert(#load("return {" .. table.concat(list, ",") .. "}")() == #list)]]
end)

case("arguments and results whose keys Linux chose", function()
    local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend, fuel = 300000}
    local collide, spread = {}, {}
    for i = 1, 6000 do collide[i * 8191], spread[i * 8009] = true, true end
    equal(s:call("eval", "return 1", spread), 1)
    equal(s:call("eval", "return 1", collide), 1)
    s:export("collide", function() return collide end)
    equal(s:call("eval", "return (pcall(tee.host.collide))"), true)
end)

case("results that take long to send are cancelled", function()
    raises_text("cancelled: the deadline is over", tee.with {deadline = 0.2}.call, "eval", [[
        local empty, list = {}, {}
        for i = 1, 30000 do empty["k" .. i] = i end
        for i = 1, 30000 do empty["k" .. i] = nil end
        for i = 1, 30000 do list[i] = empty end
        return list]])
    equal(TA_call("echo", 1), 1)
end)

case("a question to the TEE is an operation of the TEE", function()
    local random, supports = TA_call("eval", [[
        local a = tee.fuel() tee.random(1)
        local b = tee.fuel() tee.supports("sha256", "device-id")
        return b - a, tee.fuel() - b]])
    equal(random > 2000 and supports > 4000, true)
end)

case("a call inside a call is late with the one around it", function()
    local inner
    tee.export("inner", function()
        inner = select(2, pcall(tee.with {deadline = 100}.call, "eval", "while true do end"))
        return "still here"
    end)
    raises_text("cancelled: the deadline is over", tee.with {deadline = 0.1}.call, "eval", "return tee.host.inner()")
    equal(inner, "cancelled: the deadline is over")
    -- Without one of its own, too.
    tee.export("inner", function() inner = select(2, pcall(tee.call, "eval", "while true do end")) end)
    raises_text("cancelled: the deadline is over", tee.with {deadline = 0.1}.call, "eval", "return tee.host.inner()")
    equal(inner, "cancelled: the deadline is over")
    equal(tee.call("echo", 1), 1)
end)

case("<close> variables of a call inside a call that is late, and a deadline that is kept", function()
    local name, log = with_inner(function()
        pcall(tee.with {deadline = 0.05}.call, "eval", [[
            local vault = require "module_vault"
            local x <close> = setmetatable({}, {__close = function() vault.put("closed", "inner") end})
            while true do end]])
        local fine, result = pcall(tee.with {deadline = 10}.call, "eval", "return require 'module_vault'.get('closed')")
        return fine and result
    end)
    equal(name, "outer")
    equal(log, "inner")
end)

case("a deadline inside table.sort runs <close>", function()
    local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend}
    s:import("module_vault").put("closed", false)
    raises_text("cancelled: the deadline is over", s:with {deadline = 0.1}.call, "eval", [[
        local vault = require "module_vault"
        local x <close> = setmetatable({}, {__close = function() vault.put("closed", true) end})
        table.sort({2, 1}, function() while true do end end)]])
    equal(s:import("module_vault").get("closed"), true)
end)

case("a deadline of a function of the TEE", function()
    local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend}
    local short, long = {deadline = 0.05}, {deadline = 100}
    local endless = tee.call("eval", "return function() while true do end end")
    local add = tee.call("eval", "return function(a, b) return a + b end")
    raises_text("cancelled: the deadline is over", tee.with(short).call, endless)
    equal(tee.with(long).call(add, 2, 3), 5)
    equal(s:with(long).call(s:call("eval", "return function(...) return select('#', ...) end"), nil, nil), 2)
    raises_text("cancelled: the deadline is over", s:with(short).call, s:call("eval", "return function() while true do end end"))
    equal(tee.with(long).call(s:import("module_vault").get, "x"), nil)
end)

case("a deadline of a function that is not one of the TEE's", function()
    local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend}
    local with, add = tee.with {deadline = 100}, tee.call("eval", "return function(a, b) return a + b end")
    raises_text("belongs to another session", s:with({deadline = 100}).call, add)
    for _, other in ipairs {print, function() end, with.call} do
        raises_text("a function of the TEE is expected", with.call, other)
    end
    raises_text("the name of a script expected, got table", with.call, {})
    tee.release(add)
    raises_text("was released", with.call, add, 1, 2)
    local late = s:call("eval", "return function() end")
    s:close()
    raises_text("closed", with.call, late)
    raises_text("closed", s.with, s, {deadline = 1})
end)

case("a deadline of an import", function()
    local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend}
    for _ = 1, 2 do
        raises_text("cancelled: the deadline is over", s:with({deadline = 0.05}).import, "module_endless")
    end
    local vault = s:with({deadline = 100}).import("module_vault")
    equal(vault, s:import("module_vault"))
    equal(tee.with({deadline = 100}).import("module_vault"), tee.import("module_vault"))
    raises_text("cannot be a script's name", s:with({deadline = 100}).import, "../x")
end)

case("tee.with refuses what it does not know", function()
    raises_text("there is no option", tee.with, {deadlin = 1})
    for _, bad in ipairs {0, -1, 0 / 0, math.huge, "1", {}, 5e6} do
        raises_text("number of seconds", tee.with, {deadline = bad})
    end
    raises_text("table expected", tee.with)
end)

case("limits of the host's own", function()
    local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend, fuel = 5000000, memory = 1 << 20}
    raises_text("its budget of 5,000,000 units", s.call, s, "eval", "while true do end")
    raises_text("of 1024 KiB in use", s.call, s, "eval", "local t = {} for i = 1, 1e9 do t[i] = {} end")
    equal(s:info().memory_max, 1 << 20)
    equal(s:call("echo", 1), 1)
    local used, left = s:call("eval", "return tee.fuel()")
    equal(used + left, 5000000)
end)

case("invalid limits are rejected", function()
    for _, bad in ipairs {0, -1, 1.5, "many"} do
        raises_text("must be an integer above 0", tee.open, {app = test.app, fuel = bad})
        raises_text("must be an integer above 0", tee.open, {app = test.app, memory = bad})
    end
end)
