-- SPDX-License-Identifier: BSD-2-Clause
-- Values that cannot cross: the error names the path to the culprit, in both directions, and the session goes on.

local test = require "test"
local case, equal, raises_text = test.case, test.equal, test.raises_text

local function deep(n)
    local t = {}
    for _ = 2, n do t = {t} end
    return t
end

-- name, expression, words about where it is, words about what it is
local refused = {
    {"a cycle", "(function() local t = {} t.self = t return t end)()", ".self", "cycle"},
    {"a cycle, further in", "(function() local t = {peers = {1, 2, {}}} t.peers[3].self = t.peers return t end)()",
     ".peers[3].self", "cycle"},
    {"a cycle through two tables", "(function() local a, b = {}, {} a.b = b b.a = a return a end)()", ".b.a", "cycle"},
    {"a coroutine", "coroutine.create(print)", "", "coroutine"},
    {"a coroutine in a table", "{job = {coroutine.create(print)}}", ".job[1]", "coroutine"},
    {"a table as a key", "{[{}] = 1}", "", "key"},
    {"a function as a key", "{[print] = 1}", "", "key"},
    {"a table as a key, further in", "{a = {{[{}] = 1}}}", ".a[1]", "key"},
    {"a coroutine in a sequence", "{1, 2, coroutine.create(print)}", "[3]", "coroutine"},
    {"a key that is no name", "{['a b'] = coroutine.create(print)}", '["a b"]', "coroutine"},
    {"a boolean key", "{[true] = coroutine.create(print)}", "[true]", "coroutine"},
    {"a negative key", "{[-1] = coroutine.create(print)}", "[-1]", "coroutine"},
    {"tables nested too deep", "(function() local t = {} for i = 1, 64 do t = {t} end return t end)()", "[1][1][1]",
        "deep"},
}

for _, r in ipairs(refused) do
    local name, source, path, reason = table.unpack(r)
    local value = load("return " .. source)()

    case("argument: " .. name, function()
        local e = raises_text("argument 1", TA_call, "echo", value)
        test.contains(e, path)
        test.contains(e, reason)
    end)
    case("argument 3: " .. name, function()
        local e = raises_text("argument 3", TA_call, "echo", {1}, nil, value)
        test.contains(e, path)
        test.contains(e, reason)
    end)
    case("result: " .. name, function()
        local e = raises_text("result 1", test.tee, "return " .. source)
        test.contains(e, path)
        test.contains(e, reason)
    end)
    case("result 2: " .. name, function()
        local e = raises_text("result 2", test.tee, "return nil, " .. source .. ", 3")
        test.contains(e, path)
        test.contains(e, reason)
    end)
end

case("the exact text of the example in the design", function()
    local t = {peers = {1, 2, {}}}
    t.peers[3].self = t.peers
    raises_text("argument 2 .peers[3].self: cycle", TA_call, "echo", 1, t)
end)

case("userdata", function()
    local e = raises_text("argument 1", TA_call, "echo", io.stdout)
    test.contains(e, "userdata")
    test.contains(raises_text("argument 1", TA_call, "echo", {out = {io.stdout}}), ".out[1]")
end)

case("a key of userdata", function()
    test.contains(raises_text("argument 1", TA_call, "echo", {[io.stdout] = 1}), "key")
end)

case("the limit of nesting is exact", function()
    equal(TA_call("echo", deep(64)), deep(64))
    raises_text("deep", TA_call, "echo", deep(65))
end)

case("a very deep table ends in an error, not in a stack overflow", function()
    raises_text("deep", TA_call, "echo", deep(100000))
    raises_text("deep", test.tee, "local t = {} for i = 1, 10000 do t = {t} end return t")
end)

case("a long path is cut, and its end is kept", function()
    local t = {finally = coroutine.create(print)}
    for i = 1, 30 do t = {["a_rather_long_key_number_" .. i] = t} end
    local e = raises_text(".finally", TA_call, "echo", t)
    test.contains(e, "argument 1")
    test.ok(#e < 600, "the message is " .. #e .. " bytes long")
end)

case("a key of any bytes is shown safely", function()
    local e = raises_text("argument 1", TA_call, "echo", {["\27[31m\0\n"] = coroutine.create(print)})
    test.ok(not e:find("[\0\27\n]"), "control characters in " .. test.show(e))
end)

case("a name that is no string", function()
    test.raises(TA_call)
    test.raises(TA_call, nil)
    test.raises(TA_call, {})
    test.raises(TA_call, true)
end)

case("a name that breaks the rule", function()
    for _, name in ipairs {"", ".hidden", "..", "../echo", "a/b", "a b", "echo\0", "naïve", ("x"):rep(65)} do
        test.raises(TA_call, name)
    end
end)

case("the session goes on after all that", function()
    equal(TA_call("echo", "fine"), "fine")
end)

case("pcall inside the TEE sees no error of a refused result", function()
    -- The result is refused on the way out, after the script ended.
    raises_text("result 1", test.tee, "return select(2, pcall(function() return coroutine.create(print) end))")
end)
