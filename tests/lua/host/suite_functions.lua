-- SPDX-License-Identifier: BSD-2-Clause
-- Functions by reference, in both directions: identity, lifetime, limits.

local tee = require "tee"
local test = require "test"
local case, equal, results, raises, raises_text = test.case, test.equal, test.results, test.raises, test.raises_text

local function open() return tee.open {app = test.app, plaintext = true, backend = test.backend} end
local LIMIT = 4096

case("a function of the host runs in the host", function()
    local seen
    equal(test.tee("return (...)(1, nil, 'x')", function(...) seen = table.pack(...) return "back" end), "back")
    results(seen, 1, nil, "x")
end)

case("a function inside tables", function()
    equal(test.tee("local t = ... return t.ops.add(1, t.list[2]())", {
        ops = {add = function(a, b) return a + b end}, list = {print, function() return 41 end},
    }), 42)
end)

case("a trusted function runs in the TEE", function()
    local next = test.tee("local n = ... return function() n = n + 1 return n, _VERSION, io end", 10)
    equal(type(next), "function")
    results(table.pack(next()), 11, "Lua 5.4", nil)
    equal(next(), 12)
end)

case("trusted functions take and give values, errors, functions", function()
    local f = test.tee("return function(...) return ... end")
    results(table.pack(f(1, nil, {x = {2}}, nil)), 1, nil, {x = {2}}, nil)
    equal(f(f) == f, true)
    equal(f(print) == print, true)
    equal(raises(test.tee("return error"), {code = 3}), {code = 3})
    local compose = test.tee("return function(f, g) return function(x) return f(g(x)) end end")
    local h = compose(function(x) return x + 1 end, test.tee("return function(x) return x * 2 end"))
    equal(h(10), 21)
end)

case("functions of C cross as well", function()
    equal(test.tee("return (...)('x', 3)", string.rep), "xxx")
    equal(test.tee("return string.rep")("y", 3), "yyy")
end)

case("a reference that goes home is the function itself", function()
    local function mine() end
    equal(TA_call("echo", mine) == mine, true)
    equal(TA_call("echo", {f = mine}).f == mine, true)
    equal(test.tee([[
        local vault = require('module_vault')
        local f = function() end
        vault.put('f', f)
        return f]]) == test.tee("return require('module_vault').get('f')"), true)
    equal(test.tee("return (...) == require('module_vault').get('f')", test.tee("return require('module_vault').get('f')")), true)
end)

case("the same function sent twice is the same object, on the other side too", function()
    local function mine() end
    equal(test.tee("local a, b, t = ... return a == b and b == t[1]", mine, mine, {mine}), true)
    test.tee("require('module_vault').put('kept', ...)", mine)
    equal(test.tee("return (...) == require('module_vault').get('kept')", mine), true)
    equal(test.tee("return (...) == require('module_vault').get('kept')", function() end), false)
    local a, b = test.tee("local f = function() end return f, f")
    equal(a == b, true)
end)

case("a proxy of one session in another is a function like any other", function()
    local a <close> = open()
    local b <close> = open()
    local f = a:call("eval", "local n = 0 return function() n = n + 1 return n end")
    equal(b:call("eval", "local f = ... return f() + f()", f), 3)
    equal(b:call("echo", f) == f, true)
    equal(f(), 3)
end)

case("what the other side kept can be called by a later call", function()
    local n = 0
    test.tee("require('module_vault').put('count', ...)", function() n = n + 1 return n end)
    equal(test.tee("return require('module_vault').get('count')()"), 1)
    equal(test.tee("return require('module_vault').get('count')()"), 2)
end)

case("functions as keys are refused", function()
    raises_text("can be keys", TA_call, "echo", {[print] = 1})
end)

case("a function as an error", function()
    local e = raises(test.tee, "local f = ... error(function() return f() end)", function() return "called" end)
    equal(e(), "called")
end)

-- --- lifetime

case("tee.release of a trusted function", function()
    local f = test.tee("return function() return 1 end")
    equal(f(), 1)
    tee.release(f)
    tee.release(f)
    raises_text("released", f)
    raises_text("argument 1: a function that was released", TA_call, "echo", f)
    equal(TA_call("echo", 1), 1)
end)

case("tee.release of a function of one's own: the other side's calls fail", function()
    local function mine() return 1 end
    test.tee("require('module_vault').put('lost', ...)", mine)
    tee.release(mine)
    raises_text("released", test.tee, "return require('module_vault').get('lost')()")
    raises_text("released", test.tee, "return require('module_vault').get('lost')")
    equal(TA_call("echo", mine) == mine, true)
end)

case("tee.release inside the TEE", function()
    raises_text("released", test.tee, "local f = ... tee.release(f) f()", function() end)
    local f = test.tee("local f = function() return 1 end require('module_vault').put('own', f) return f")
    test.tee("tee.release(require('module_vault').get('own'))")
    raises_text("was never sent", f)
    raises_text("was never sent", TA_call, "echo", f)
    equal(TA_call("echo", 1), 1)
end)

case("tee.release of a function that is not lent, and of other values", function()
    tee.release(function() end)
    raises(tee.release, 5)
    raises(tee.release)
    test.tee("tee.release(function() end)")
    raises(test.tee, "tee.release(5)")
end)

case("a function of a closed session", function()
    local s = open()
    local f = s:call("eval", "return function() return 1 end")
    equal(f(), 1)
    s:close()
    raises_text("closed", f)
    tee.release(f)
    f = nil
    collectgarbage()
end)

case("a function keeps its session open", function()
    local f = open():call("eval", "local n = 0 return function() n = n + 1 return n end")
    collectgarbage()
    collectgarbage()
    equal(f(), 1)
    equal(f(), 2)
end)

-- Counts what the TEE still keeps, by a weak table in a module.
local weak = [[
    local vault = require('module_vault')
    local kept = vault.get('weak') or setmetatable({}, {__mode = 'k'})
    vault.put('weak', kept)
]]
local count = weak .. "collectgarbage() local n = 0 for _ in pairs(kept) do n = n + 1 end return n"

case("what the host's collector drops is freed in the TEE, with the next call", function()
    local s <close> = open()
    local make = weak .. "local x = {} local function f() return x end kept[f] = true return f"
    local held = {}
    for i = 1, 50 do held[i] = s:call("eval", make) end
    equal(s:call("eval", count), 50)
    for i = 1, 30 do held[i] = nil end
    collectgarbage()
    collectgarbage()
    s:call("nothing")
    equal(s:call("eval", count), 20)
    held = nil
    collectgarbage()
    collectgarbage()
    equal(s:call("eval", count), 0)
end)

case("what the TEE's collector drops is freed in the host", function()
    local s <close> = open()
    local kept = setmetatable({}, {__mode = "k"})
    local function living()
        collectgarbage()
        local n = 0
        for _ in pairs(kept) do n = n + 1 end
        return n
    end
    for i = 1, 50 do
        local x = {}
        local function f() return x end
        kept[f] = true
        s:call("eval", "require('module_vault').put(...)", i, f)
    end
    equal(living(), 50)
    s:call("eval", "for i = 1, 30 do require('module_vault').put(i, nil) end collectgarbage()")
    equal(living(), 20)
    s:call("eval", "for i = 31, 50 do require('module_vault').put(i, nil) end collectgarbage()")
    equal(living(), 0)
end)

-- --- limits

case("the most functions that the host can lend", function()
    local s <close> = open()
    local many = {}
    for i = 1, LIMIT do many[i] = function() return i end end
    equal(s:call("eval", "local t = ... require('module_vault').put('t', t) return t[1]() + t[#t]()", many), 1 + LIMIT)
    raises_text("argument 2: a function cannot cross: the other side holds 4096", s.call, s, "echo", 1, function() end)
    equal(s:call("eval", "return require('module_vault').get('t')[7] == (...)", many[7]), true)
    s:call("eval", "require('module_vault').put('t', nil) collectgarbage()")
    equal(s:call("eval", "return (...)()", function() return "room" end), "room")
end)

case("the most functions that the TEE can lend", function()
    local s <close> = open()
    local make = "local t = {} for i = 1, ... do t[i] = function() return i end end return t"
    local many = s:call("eval", make, LIMIT)
    equal(many[1]() + many[LIMIT](), 1 + LIMIT)
    raises_text("result 1: a function cannot cross: the other side holds 4096", s.call, s, "eval", "return function() end")
    equal(many[5](), 5)
    tee.release(many[1])
    equal(s:call("eval", "return function() return 'room' end")(), "room")
    many = nil
    collectgarbage()
    equal(#s:call("eval", make, LIMIT - 1), LIMIT - 1)
    collectgarbage()
    raises_text("result 1 [4097]: a function cannot cross", s.call, s, "eval", make, LIMIT + 1)
    equal(#s:call("eval", make, LIMIT - 1), LIMIT - 1)
end)

case("proxies that pile up are collected before the limit is reached", function()
    local s <close> = open()
    for _ = 1, 3 do
        for _ = 1, 3 do s:call("eval", "local t = {} for i = 1, 1000 do t[i] = function() end end return t") end
        local t = {}
        for k = 1, 1000 do t[k] = function() end end
        s:call("echo", t)
        t = nil
        collectgarbage()
    end
    -- Some at a time: each time the world is switched twice.
    local make = "local t = {} for j = 1, 50 do t[j] = function() end end return t"
    local lend = "local f, n = ... for i = 1, n, 50 do f((function() " .. make .. " end)()) end return 'fine'"
    equal(s:call("eval", lend, function() end, LIMIT + 100), "fine")
    local borrow = "local f, n = ... for i = 1, n, 50 do f() end return 'fine'"
    equal(s:call("eval", borrow, load(make), LIMIT + 100), "fine")
end)

case("functions of a message that was not sent are not lent", function()
    local s <close> = open()
    for _ = 1, LIMIT + 10 do
        raises_text("argument 2", s.call, s, "echo", function() end, io.stdout)
    end
    equal(s:call("eval", "return (...)()", function() return 1 end), 1)
    raises_text("result 2", s.call, s, "eval", "return function() end, coroutine.create(print)")
    local try = "for i = 1, ... do pcall(tee.host.echo, function() end, coroutine.create(print)) end"
    for _ = 1, 11 do s:call("eval", try, LIMIT // 10) end
    equal(s:call("eval", "return function() return 2 end")(), 2)
end)
