-- SPDX-License-Identifier: BSD-2-Clause
-- The TEE calls the host: exports, their arguments, results and errors, calls inside calls, and where Lua cannot wait.

local tee = require "tee"
local test = require "test"
local case, equal, results, raises, raises_text = test.case, test.equal, test.results, test.raises, test.raises_text

local function open() return tee.open {app = test.app, plaintext = true, backend = test.backend} end

tee.export("echo", function(...) return ... end)
tee.export("fail", function(value) error(value, 0) end)
tee.export("run", function(f, ...) return f(...) end)

case("an export receives arguments and returns results", function()
    results(table.pack(test.tee("return tee.host.echo(...)", 1, nil, "x", 2.5, {a = {1, 2}}, nil)), 1, nil, "x", 2.5,
        {a = {1, 2}}, nil)
    results(table.pack(test.tee("return tee.host.echo()")))
end)

case("many calls to the host in one call", function()
    equal(test.tee("local sum = 0 for i = 1, 300 do sum = sum + tee.host.echo(i) end return sum"), 45150)
end)

case("arguments and results larger than the shared memory", function()
    equal(#test.tee("return tee.host.echo(('x'):rep(100000))"), 100000)
end)

case("a missing export is an error", function()
    local e = raises_text("no_such_export", test.tee, "tee.host.no_such_export()")
    test.contains(e, "tee.export")
    equal(TA_call("echo", 1), 1)
end)

case("a call inside whose <close> variables do not end is over, and the call around it goes on", function()
    tee.export("inside", function()
        return test.tee("local x <close> = setmetatable({}, {__close = function() while true do end end}) error('first', 0)")
    end)
    local fine, message, before, after = test.tee([[
        local before = tee.fuel()
        local fine, message = pcall(tee.host.inside)
        return fine, message, before, tee.fuel()
    ]])
    equal(fine, false)
    test.contains(message, "the <close> variables took more than 2,000,000 units after: first")
    test.ok(after - before > 2000000 and after - before < 2200000, "it pays for that: " .. after - before)
    tee.export("inside", nil)
end)

case("a call inside that is late while the host runs leaves the call around it its fuel", function()
    tee.export("slow", function()
        local start = os.clock()
        while os.clock() - start < 0.15 do end
    end)
    tee.export("inside", function() tee.with {deadline = 0.1}.call("eval", "tee.host.slow()") end)
    local fine, message, rounds = test.tee([[
        local fine, message = pcall(tee.host.inside)
        local rounds = 0
        for _ = 1, 2200000 do rounds = rounds + 1 end
        return fine, message, rounds
    ]])
    equal(fine, false)
    test.contains(message, "the deadline is over")
    equal(rounds, 2200000)
    tee.export("slow", nil)
    tee.export("inside", nil)
end)

case("an export can be replaced and ended", function()
    tee.export("mine", function() return 1 end)
    equal(test.tee("return tee.host.mine()"), 1)
    tee.export("mine", function() return 2 end)
    equal(test.tee("return tee.host.mine()"), 2)
    tee.export("mine", nil)
    raises_text("mine", test.tee, "return tee.host.mine()")
end)

case("an export of one session is seen by that one, and goes before the others", function()
    local a <close> = open()
    local b <close> = open()
    a:export("whose", function() return "a" end)
    equal(a:call("eval", "return tee.host.whose()"), "a")
    raises_text("whose", b.call, b, "eval", "return tee.host.whose()")
    tee.export("whose", function() return "all" end)
    equal(a:call("eval", "return tee.host.whose()"), "a")
    equal(b:call("eval", "return tee.host.whose()"), "all")
    tee.export("whose", nil)
end)

case("what cannot be exported", function()
    for _, name in ipairs {"", ".x", "a b", ("x"):rep(65)} do raises_text("name", tee.export, name, print) end
    raises(tee.export, "x", 5)
    raises(tee.export, nil, print)
end)

case("names that cannot be exports", function()
    raises_text("invalid name", test.tee, "return tee.host['a b']")
    raises_text("invalid name", test.tee, "return tee.host['']")
    raises(test.tee, "return tee.host[{}]")
end)

case("tee.host cannot be changed, for the next script would see it", function()
    raises_text("tee.host is read-only", test.tee, "tee.host.echo = print")
    raises(test.tee, "rawset(tee.host, 'echo', print)")
    raises(test.tee, "setmetatable(tee.host, {})")
    equal(test.tee("return getmetatable(tee.host)"), false)
    test.tee("tee.host = nil")
    equal(test.tee("return tee.host.echo(1)"), 1)
end)

for _, source in ipairs {"{code = 7}", "nil", "42", "false", "{1, {2}}", "'text'", "('x'):rep(40000)"} do
    local value = load("return " .. source)()
    case("an error value of the host: " .. #source .. " " .. source, function()
        results(table.pack(test.tee("return pcall(tee.host.fail, ...)", value)), false, value)
        equal(raises(test.tee, "tee.host.fail(...)", value), value)
    end)
end

case("an error that cannot cross", function()
    test.contains(raises(test.tee, "tee.host.run(...)", function() error(io.stdout) end), "userdata")
    equal(test.tee("return 1"), 1)
end)

case("results and arguments that cannot cross are an error in the script", function()
    test.contains(raises(test.tee, "tee.host.run(...)", function() return 1, {x = io.stdout} end), "result 2 .x: userdata")
    local ok, e = test.tee("return pcall(tee.host.echo, 1, {co = coroutine.create(print)})")
    equal(ok, false)
    test.contains(e, "argument 2 .co: a coroutine cannot cross")
    equal(test.tee([[
        local t = {} t.t = t
        local n = 0
        for i = 1, 20 do n = n + (pcall(tee.host.echo, t) and 0 or 1) end
        return n, tee.host.echo(1)]]), 20)
end)

case("too many arguments and results", function()
    local ok, e = test.tee("return pcall(tee.host.echo, table.unpack({}, 1, 32769))")
    equal(ok, false)
    test.contains(e, "32768")
    test.contains(raises(test.tee, "tee.host.run(...)", function() return table.unpack({}, 1, 32769) end), "32768")
    equal(test.tee("return select('#', tee.host.run(...))", function() return table.unpack({}, 1, 32768) end), 32768)
end)

case("the traceback has both worlds, the innermost first", function()
    -- Only what reaches the host's top level has it: tests/cli/test_errors.sh reads it. Here: the message.
    test.contains(raises(test.tee, "tee.host.run(...)", function() local x = nil; return x.y end), "suite_host.lua")
end)

local function nest(depth)
    return test.tee("local n, f = ... if n == 0 then return 0 end return 1 + f(n - 1)", depth, nest)
end

case("calls inside calls, up to the limit", function()
    for depth = 0, 8 do equal(nest(depth), depth) end
    raises_text("deeper than 8", nest, 9)
    raises_text("deeper than 8", nest, 20)
    equal(nest(8), 8)
end)

case("an error passes through calls inside calls", function()
    local function deep(n)
        if n == 0 then error({code = 9}) end
        return test.tee("local n, f = ... return f(n - 1)", n, deep)
    end
    equal(raises(deep, 8), {code = 9})
    equal(nest(3), 3)
end)

case("a call inside a call shares modules and not globals", function()
    local s <close> = open()
    s:export("inside", function() return s:call("eval", "local m = require('module_vault') m.put('x', m.get('x') + 1) return leak") end)
    equal(s:call("eval", [[
        local m = require('module_vault')
        m.put('x', 1)
        leak = 'leak'
        local seen = tee.host.inside()
        return m.get('x'), seen]]), 2)
end)

case("a call inside a call, of another session", function()
    local a <close> = open()
    local b <close> = open()
    a:export("other", function(x) return b:call("cubic", x) end)
    equal(a:call("eval", "return tee.host.other(3)"), 27)
end)

case("a script that is fetched inside a call inside a call", function()
    local s <close> = open()
    s:export("fetch", function() return s:call("cubic", 2) end)
    equal(s:call("eval", "return tee.host.fetch() + tee.call('cubic', 1)"), 9)
end)

case("results of an inner call are not those of the outer one", function()
    results(table.pack(test.tee("local f = ... return 'outer', f(), ('x'):rep(20000)", function()
        return #test.tee("return ('y'):rep(50000)")
    end)), "outer", 50000, ("x"):rep(20000))
end)

-- --- where Lua cannot wait

case("inside functions of C that call back: an error that names the place", function()
    local function place(name, source, ...)
        local e = raises_text("cannot be called from inside", test.tee, source, ...)
        test.contains(e, name)
    end
    place("inside table.sort", "table.sort({3, 1, 2}, function(a, b) return tee.host.echo(a < b) end)")
    place("inside table.sort", "local less = ... table.sort({3, 1, 2}, less)", function(a, b) return a < b end)
    place("inside table.sort", "local s = table.sort s({3, 1, 2}, function(a, b) return tee.host.echo(a < b) end)")
    place("inside table.sort", "local fine, e = pcall(table.sort, {3, 1}, function() tee.host.echo() end) error(e, 0)")
    place("inside table.sort", "table.sort({3, 1}, function() return pcall(error) and tee.host.echo() or tee.host.echo() end)")
    place("inside table.sort", "table.sort({3, 1}, function() for _ in pairs(setmetatable({}, {__pairs = tee.host.echo})) do end end)")
    place("inside table.sort", "table.sort({3, 1}, function() return select(2, assert(pcall(tee.host.echo))) > error(select(2, pcall(tee.host.echo)), 0) end)")
    place("inside string.gsub", "string.gsub('abc', '.', function(c) return tee.host.echo(c) end)")
    place("inside string.gsub", "local s = 'abc' s:gsub('.', (...))", function() end)
    place("inside tostring", "tostring(setmetatable({}, {__tostring = function() return tee.host.echo('x') end}))")
    place("inside print", "print(setmetatable({}, {__tostring = function() return tee.host.echo('x') end}))")
    place("inside load", "error(select(2, load(function() return tee.host.echo('x') end)), 0)")
    place("inside table.unpack", "table.unpack(setmetatable({}, {__index = function() return tee.host.echo('x') end}), 1, 2)")
    place("inside a message handler", "error(select(2, xpcall(error, function(e) return select(2, pcall(tee.host.echo)) end)), 0)")
    place("__close while a coroutine", [[
        local co = coroutine.create(function()
            local x <close> = setmetatable({}, {__close = function() tee.host.echo('x') end})
            coroutine.yield()
        end)
        coroutine.resume(co)
        error(select(2, coroutine.close(co)), 0)]])
    equal(TA_call("echo", 1), 1)
end)

case("inside a coroutine inside such a function", function()
    raises_text("cannot be called", test.tee,
        "table.sort({3, 1, 2}, coroutine.wrap(function() while true do coroutine.yield(tee.host.echo(true)) end end))")
    equal(test.tee([[
        local caught
        table.sort({2, 1}, function(a, b)
            caught = select(2, coroutine.resume(coroutine.create(function() return pcall(tee.host.echo) end)))
            return a < b
        end)
        return caught]]), false)
end)

case("coroutine.yield where Lua cannot wait: an error that names the place", function()
    local function place(name, source)
        raises_text("attempt to yield across a C-call boundary: a coroutine cannot yield from inside " .. name, test.tee,
            "coroutine.wrap(function() " .. source .. " end)()")
    end
    place("table.sort", "table.sort({3, 1}, function() coroutine.yield() end)")
    place("table.sort", "table.sort({3, 1}, coroutine.yield)")
    place("string.gsub", "('abc'):gsub('.', function() coroutine.yield() end)")
    place("tostring", "tostring(setmetatable({}, {__tostring = coroutine.yield}))")
    raises_text("attempt to yield from outside a coroutine", test.tee, "table.sort({3, 1}, coroutine.yield)")
    equal(test.tee("return coroutine.wrap(function() return pcall(coroutine.yield, 5) end)()"), 5)
end)

case("inside what can wait: pcall, metamethods, iterators, <close>", function()
    equal(test.tee("return select(2, pcall(tee.host.echo, 5))"), 5)
    equal(test.tee("return select(2, xpcall(tee.host.echo, print, 6))"), 6)
    equal(test.tee("return setmetatable({}, {__index = function(_, k) return tee.host.echo(k .. '!') end}).x"), "x!")
    equal(test.tee("return setmetatable({}, {__add = tee.host.echo}) + 1 ~= nil"), true)
    equal(test.tee("return setmetatable({}, {__lt = tee.host.echo}) < {}"), true)
    equal(test.tee("local n = 0 for i in function(_, c) c = tee.host.echo((c or 0) + 1) return c <= 5 and c or nil end do n = i end return n"), 5)
    equal(test.tee([[
        local log = {}
        do local x <close> = setmetatable({}, {__close = function() log[1] = tee.host.echo('closed') end}) end
        return log[1] ]]), "closed")
    equal(test.tee([[
        local log = {}
        pcall(function()
            local x <close> = setmetatable({}, {__close = function(_, e) log[1] = tee.host.echo(e) end})
            error('passes', 0)
        end)
        return log[1] ]]), "passes")
end)

-- --- coroutines

case("from inside coroutines of the trusted script", function()
    equal(test.tee([[
        local co = coroutine.wrap(function(x)
            for i = 1, 3 do x = x + coroutine.yield(tee.host.echo(x)) end
            return x
        end)
        return {co(1), co(2), co(3), co(4)}]]), {1, 3, 6, 10})
    equal(test.tee([[
        local function deep(n)
            if n == 0 then return tee.host.echo('bottom') end
            return coroutine.wrap(deep)(n - 1)
        end
        return deep(20)]]), "bottom")
end)

case("a coroutine that waits for the host is not suspended, and nobody else can resume it", function()
    local s <close> = open()
    s:export("meddle", function()
        return s:call("eval", [[
            local co = require('module_vault').get('co')
            local main = require('module_vault').get('main')
            return {coroutine.status(co), coroutine.resume(co) , coroutine.status(main), (coroutine.resume(main)),
                (pcall(coroutine.close, co)), (pcall(coroutine.close, main))}]])
    end)
    equal(s:call("eval", [[
        local vault = require('module_vault')
        vault.put('main', (coroutine.running()))
        local co = coroutine.create(function() return tee.host.meddle() end)
        vault.put('co', co)
        local ok, seen = coroutine.resume(co)
        return seen]]), {"normal", false, "normal", false, false, false})
end)

case("a function of the host that yields", function()
    local function yields() return coroutine.yield(1) end
    raises_text("yield across the boundary", test.tee, "return (...)()", yields)
    local co = coroutine.create(function() return pcall(test.tee, "return (...)()", yields) end)
    local _, ok, e = coroutine.resume(co)
    equal(ok, false)
    test.contains(e, "yield across the boundary")
    equal(coroutine.status(co), "dead")
end)

case("a function of the host that uses coroutines of its own", function()
    equal(test.tee("return (...)()", function()
        local co = coroutine.wrap(function() coroutine.yield(1) coroutine.yield(test.tee("return 2")) end)
        return co() + co()
    end), 3)
end)

case("from inside a coroutine of the host", function()
    local co = coroutine.wrap(function()
        coroutine.yield(test.tee("return tee.host.echo(1)"))
        coroutine.yield(test.tee("return tee.host.echo(2)"))
    end)
    equal(co(), 1)
    equal(co(), 2)
end)

-- --- sessions

case("a function that the TEE calls cannot close its session", function()
    local s = open()
    s:export("close", function() s:close() end)
    raises_text("in a call", s.call, s, "eval", "tee.host.close()")
    equal(s:call("echo", 1), 1)
    s:close()
end)

case("the garbage collector of the host inside a call to it", function()
    equal(test.tee("return (...)()", function() collectgarbage() collectgarbage() return 1 end), 1)
end)

-- --- budgets and cancellation

case("calls inside calls are on the bill of the outer one", function()
    local function work() return test.tee("for i = 1, 100000 do end") end
    local used = test.tee("local work = ... local before = tee.fuel() work() return tee.fuel() - before", work)
    test.ok(used >= 100000, "used " .. used)
end)

case("a failed inner call consumes only the fuel that it used", function()
    local function fails() return pcall(test.tee, "error('x')") end
    local before, after = test.tee([[
        local fails = ...
        local _, before = tee.fuel()
        fails()
        return before, select(2, tee.fuel())]], fails)
    test.ok(before - after < before / 2, before .. " units were left, then " .. after)
end)

local function late(source, ...)
    local e = raises(tee.with {deadline = 0.2}.call, "eval", source, ...)
    equal(type(e), "string")
    test.contains(e, "the deadline is over")
    equal(TA_call("echo", 1), 1)
end

case("a deadline ends a call that calls the host over and over", function()
    late("while true do tee.host.echo() end")
    late("while true do pcall(tee.host.echo) end")
end)

case("a deadline ends a call whose arguments to the host cannot cross", function()
    late("local t = {} t.t = t while true do pcall(tee.host.echo, t) end")
end)

case("a deadline ends calls inside calls", function()
    local inner
    late("local f = ... f() while true do end", function()
        inner = {pcall(test.tee, "while true do end")}
    end)
    equal(inner[1], false)
    test.contains(inner[2], "the deadline is over")
end)

case("out of time while the host works", function()
    local done = false
    late("local f = ... f() return 'too late'", function()
        local ends = os.time() + 2
        while os.time() < ends do end
        done = true
    end)
    equal(done, true)
end)
