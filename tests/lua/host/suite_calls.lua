-- SPDX-License-Identifier: BSD-2-Clause
-- internal_TA_call and tee.call inside the TEE: from script to script.

local test = require "test"
local case, equal, raises, raises_text = test.case, test.equal, test.raises, test.raises_text
local pack = table.pack

case("arguments and results", function()
    equal(pack(test.tee("return internal_TA_call('echo')")), pack())
    equal(pack(test.tee("return internal_TA_call('echo', nil)")), pack(nil))
    equal(pack(test.tee("return internal_TA_call('echo', 1, nil, 'x', nil)")), pack(1, nil, "x", nil))
    equal(test.tee("return select('#', internal_TA_call('echo', table.unpack({}, 1, 250)))"), 250)
    equal(test.tee("return select('#', internal_TA_call('nothing', 1))"), 0)
end)

case("tee.call is the same function", function()
    equal(test.tee("return tee.call == internal_TA_call"), true)
    equal(test.tee("return tee.call('echo', 5)"), 5)
end)

case("the historical example", function()
    equal(TA_call("twice_cubic", 5), 250)
    equal(TA_call("twice_cubic", 0.5), 0.25)
end)

case("an error", function()
    equal(raises(test.tee, "tee.call('raise_code')"), {code = 7})
    equal(test.tee("return select(2, pcall(tee.call, 'raise_code')).code"), 7)
end)

case("a script that does not exist", function()
    local e = raises_text("no_such_script", test.tee, "internal_TA_call('no_such_script')")
    test.ok(not e:find("\n"), "more than one line: " .. test.show(e))
    equal(test.tee("return (pcall(internal_TA_call, 'no_such_script'))"), false)
    test.contains(test.tee("return select(2, pcall(internal_TA_call, 'no_such_script'))"), "no_such_script")
end)

case("a script with a syntax error", function()
    raises_text("broken_syntax", test.tee, "internal_TA_call('broken_syntax')")
    equal(test.tee("return (pcall(internal_TA_call, 'broken_syntax'))"), false)
end)

case("a name that breaks the rule", function()
    for _, source in ipairs {"", "nil", "{}", "''", "'../echo'", "'.x'", "'a/b'", "('x'):rep(65)", "'echo\\0'"} do
        raises(test.tee, "internal_TA_call(" .. source .. ")")
    end
end)

case("recursion", function()
    equal(TA_call("factorial", 1), 1)
    equal(TA_call("factorial", 20), 2432902008176640000)
end)

case("the depth limit is an ordinary error", function()
    -- Far below the limit works, far above it does not, and the session goes on.
    equal(TA_call("descend", 20), 20)
    local e = raises(TA_call, "descend", 1000)
    equal(type(e), "string")
    equal(TA_call("descend", 20), 20)
end)

case("the depth limit can be caught inside", function()
    equal(test.tee("return (pcall(internal_TA_call, 'descend', 1000))"), false)
    equal(test.tee("pcall(internal_TA_call, 'descend', 1000); return internal_TA_call('descend', 20)"), 20)
end)

case("endless mutual calls end", function()
    raises(test.tee, "local source = ...; return internal_TA_call('eval', source, source)",
        "local source = ...; return internal_TA_call('eval', source, source)")
end)

case("inside a coroutine", function()
    equal(test.tee("return coroutine.wrap(function() return internal_TA_call('cubic', 3) end)()"), 27)
    equal(test.tee([[
        local co = coroutine.wrap(function(x)
            while true do x = coroutine.yield(internal_TA_call('cubic', x)) end
        end)
        return {co(1), co(2), co(3)}]]), {1, 8, 27})
end)

case("inside a coroutine, a script that the host must send first", function()
    -- Each of these names is asked for nowhere else: the question passes through what the script is doing.
    equal(test.tee("return coroutine.wrap(function() return internal_TA_call('fresh_coroutine') end)()"), "fresh")
end)

case("inside pcall, a script that the host must send first", function()
    equal(pack(test.tee("return pcall(internal_TA_call, 'fresh_pcall')")), pack(true, "fresh"))
end)

case("inside a sort comparator, a script that the host must send first: says what to do", function()
    -- A C function between cannot be left and entered again.
    raises_text("fresh_less", test.tee,
        "table.sort({2, 1}, function(a, b) return internal_TA_call('fresh_less', a, b) end)")
    equal(test.tee("return internal_TA_call('fresh_less', 1, 2)"), true)
    equal(test.tee([[
        local t = {3, 1, 2}
        table.sort(t, function(a, b) return internal_TA_call('fresh_less', a, b) end)
        return t]]), {1, 2, 3})
end)

case("inside a gsub replacement, a script that the host must send first: says what to do", function()
    raises_text("fresh_gsub", test.tee,
        "return (('abc'):gsub('.', function(c) return internal_TA_call('fresh_gsub', c) end))")
    equal(test.tee("return internal_TA_call('fresh_gsub', 'x')"), "<x>")
    equal(test.tee("return (('abc'):gsub('.', function(c) return internal_TA_call('fresh_gsub', c) end))"), "<a><b><c>")
end)

case("inside a metamethod, a script that the host must send first", function()
    equal(test.tee([[
        local t = setmetatable({}, {__index = function(_, k) return internal_TA_call('fresh_index', k) end})
        return t.key]]), "value of key")
end)

case("a script that yields to nobody", function()
    local e = raises(test.tee, "coroutine.yield(1)")
    test.contains(e, "yield")
    test.contains(raises(test.tee, "internal_TA_call('yielder')"), "yield")
    equal(TA_call("echo", 1), 1)
end)

case("a script that is called inside a coroutine may yield to who resumed it", function()
    test.results(table.pack(test.tee([[
        local co = coroutine.create(function() return internal_TA_call('yielder') end)
        local _, first = coroutine.resume(co)
        local _, last = coroutine.resume(co, "answer")
        return first, last, coroutine.status(co)]])), "from a script", "answer", "dead")
end)

case("tables pass between scripts", function()
    equal(test.tee("local t = {1, {2}}; local r = internal_TA_call('echo', t); return r"), {1, {2}})
end)

case("the result of one is the argument of another", function()
    equal(test.tee("return internal_TA_call('cubic', internal_TA_call('cubic', 2))"), 512)
end)

case("ten thousand calls", function()
    equal(test.tee("local n = 0 for i = 1, 10000 do n = n + internal_TA_call('echo', 1) end return n"), 10000)
end)

case("a thousand calls from the host", function()
    for i = 1, 1000 do
        if TA_call("echo", i) ~= i then error(i) end
    end
end)
