-- SPDX-License-Identifier: BSD-2-Clause
-- Errors are values, in both worlds.

local test = require "test"
local case, equal, raises, raises_text = test.case, test.equal, test.raises, test.raises_text

-- Raised in the TEE, caught in the host: the very same value.
for _, source in ipairs {
    "{code = 7}", "nil", "42", "42.0", "true", "false", "{}", "{1, 2, {3}}", "''", "'\\0\\255'", "0/0", "-0.0",
        "('x'):rep(40000)",
} do
    case("error(" .. source .. ")", function()
        equal(raises(test.tee, "error(" .. source .. ", 0)"), load("return " .. source)())
    end)
end

case("error{code=7} is caught as that table", function()
    local ok, e = pcall(TA_call, "raise_code")
    equal(ok, false)
    equal(e.code, 7)
end)

case("a string gets its position", function()
    local e = raises_text("boom", TA_call, "raise_text")
    test.contains(e, "raise_text")
    test.contains(e, ":4: boom")
end)

case("error with level 0 adds nothing", function()
    equal(raises(test.tee, "error('plain', 0)"), "plain")
end)

case("a run-time error has its position and variable", function()
    local e = raises_text("attempt to index a nil value", TA_call, "raise_index")
    test.contains(e, "raise_index")
    test.contains(e, ":3:")
    test.contains(e, "missing")
end)

case("a syntax error is one line that names the script and the line", function()
    local e = raises_text("broken_syntax", TA_call, "broken_syntax")
    test.contains(e, ":3:")
    test.ok(not e:find("\n"), "more than one line: " .. test.show(e))
    -- And again: the script is not half there.
    raises_text("broken_syntax", TA_call, "broken_syntax")
end)

case("a script that does not exist names what was looked for", function()
    local e = raises_text("no_such_script", TA_call, "no_such_script")
    test.ok(not e:find("\n"), "more than one line: " .. test.show(e))
end)

case("a script that does not exist does not break the session", function()
    pcall(TA_call, "no_such_script")
    equal(TA_call("echo", 1), 1)
end)

case("an error value that cannot cross is reported", function()
    local e = raises(test.tee, "error(coroutine.create(print), 0)")
    equal(type(e), "string")
    test.contains(e, "error value")
    test.contains(e, "coroutine")
    test.contains(raises(test.tee, "error({deep = {coroutine.create(print)}}, 0)"), ".deep[1]")
end)

case("an error object with __tostring crosses as its table", function()
    equal(raises(test.tee, "error(setmetatable({code = 1}, {__tostring = function() return 'x' end}))"), {code = 1})
end)

case("pcall inside the TEE", function()
    test.results(table.pack(test.tee("return pcall(error, {code = 9})")), false, {code = 9})
    test.results(table.pack(test.tee("return pcall(error)")), false, nil)
    test.results(table.pack(test.tee("return select('#', pcall(error, nil))")), 2)
    test.results(table.pack(test.tee("return pcall(function(...) return ... end, 1, nil, 3)")), true, 1, nil, 3)
end)

case("xpcall with a handler inside the TEE", function()
    equal(test.tee("return select(2, xpcall(error, function(e) return e .. '!' end, 'a'))"), "a!")
    equal(test.tee("return select(2, xpcall(function() local x = nil; x() end, function(e) return type(e) end))"),
        "string")
end)

case("an error in an error handler", function()
    local ok = test.tee("return (xpcall(error, function(e) error(e) end, 1))")
    equal(ok, false)
end)

case("rethrown from pcall to pcall", function()
    equal(raises(test.tee, "local ok, e = pcall(error, {n = 1}); e.n = e.n + 1; error(e)"), {n = 2})
end)

case("assert passes its message as a value", function()
    equal(raises(test.tee, "assert(false, {code = 3})"), {code = 3})
    raises_text("assertion failed!", test.tee, "assert(nil)")
    raises_text("what", test.tee, "assert(false, 'what')")
end)

case("through internal_TA_call", function()
    equal(raises(test.tee, "internal_TA_call('raise_code')"), {code = 7})
    test.results(table.pack(test.tee("local ok, e = pcall(internal_TA_call, 'raise_code'); return ok, e.code")),
        false, 7)
    raises_text("boom", test.tee, "internal_TA_call('raise_text')")
end)

case("through several scripts", function()
    equal(raises(test.tee, "internal_TA_call('eval', 'internal_TA_call(\"raise_code\")')"), {code = 7})
end)

case("the same table inside the TEE, not a copy", function()
    equal(test.tee([[
        local mark = {}
        local ok, e = pcall(function() error(mark) end)
        return e == mark]]), true)
end)

case("to-be-closed variables run when an error passes", function()
    equal(test.tee([[
        local log = {}
        pcall(function()
            local a <close> = setmetatable({}, {__close = function(_, e) log[#log + 1] = "a " .. e.code end})
            local b <close> = setmetatable({}, {__close = function(_, e) log[#log + 1] = "b " .. e.code end})
            error({code = 5})
        end)
        return log]]), {"b 5", "a 5"})
end)

case("an error inside a coroutine inside the TEE", function()
    test.results(table.pack(test.tee("return coroutine.resume(coroutine.create(function() error({code = 1}) end))")),
        false, {code = 1})
    equal(raises(test.tee, "coroutine.wrap(function() error({code = 2}) end)()"), {code = 2})
end)

case("a hundred errors in a row", function()
    for i = 1, 100 do
        equal(raises(test.tee, "error({i = ...})", i), {i = i})
    end
    equal(TA_call("echo", 1), 1)
end)

-- In sessions of their own, so that a session that does not recover fails here and not in every later suite.
local tee = require "tee"
local greedy = {
    {"many small strings", "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(50) .. i end"},
    {"many strings of 1,000 bytes", "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i end"},
    {"many large strings", "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(100000) .. i end"},
    {"many tables", "local t = {} for i = 1, 1e9 do t[i] = {} end"},
    {"one large table", "local t = {} for i = 1, 1e9 do t[i] = i end"},
    {"one large string", "return ('x'):rep(1 << 30)"},
    {"a string that doubles", "local s = 'x' while true do s = s .. s end"},
    {"many closures", "local t = {} for i = 1, 1e9 do t[i] = function() return i end end"},
    {"many coroutines", "local t = {} for i = 1, 1e9 do t[i] = coroutine.create(function() end) end"},
}
for _, case_ in ipairs(greedy) do
    local name, source = table.unpack(case_)
    case("out of memory, " .. name .. ": an ordinary error, and the session goes on", function()
        local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend}
        raises_text("memory", s.call, s, "eval", source)
        equal(s:call("eval", "return (pcall(load(...)))", source), false)
        -- Memory is there again, in pieces of any size.
        equal(s:call("eval", "return #('x'):rep(1 << 20)"), 1 << 20)
        equal(s:call("eval", "local t = {} for i = 1, 20000 do t[i] = {i} end return #t"), 20000)
        equal(s:call("eval", "local t = {} for i = 1, 1000 do t[i] = ('x'):rep(3000) .. i end return #t"), 1000)
    end)
end
