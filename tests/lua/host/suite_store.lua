-- SPDX-License-Identifier: BSD-2-Clause
-- tee.store: values, transactions, sessions, limits. Every case begins with an empty store.

local tee = require "tee"
local test = require "test"
local equal, raises_text = test.equal, test.raises_text

local KEY_MAX, VALUE_MAX, KEYS_MAX, SIZE_MAX = 255, 32 * 1024, 2048, 128 * 1024

local function session(app)
    return tee.open {app = app or test.app, plaintext = true, backend = test.backend}
end

local function case(name, body)
    test.case(name, function()
        test.tee("tee.store.clear()")
        body()
    end)
end

-- All of the store, as a table.
local ALL = "local all = {} for k, v in tee.store.pairs() do all[k] = v end return all"
local function is(expected)
    equal(test.tee(ALL), expected)
    if test.slow then return end -- half a second
    local s <close> = session() -- which reads the log from its beginning
    equal(s:call("eval", ALL), expected)
end

case("values of every kind come back", function()
    local values = {
        true, false, 0, -1, math.maxinteger, math.mininteger, 1.0, -0.0, 0.1, 1 / 0, 0 / 0, "", "text", "\0\255",
        ("x"):rep(300), {}, {1, 2, 3}, {a = 1, [2] = "b", [true] = {deep = {1.5}}, [0.5] = ""},
    }
    local PUT = [[
        local values = ...
        tee.store.transaction(function(t) for i, v in ipairs(values) do t.put("key" .. i, v) end end)]]
    local GET = [[
        local values, back = (...), {}
        tee.store.transaction(function(t) for i = 1, #values do back[i] = t.get("key" .. i) end end)
        return back]]
    test.tee(PUT, values)
    equal(test.tee(GET, values), values)
    local s <close> = session()
    equal(s:call("eval", GET, values), values)
end)

case("a missing entry is nil; delete returns whether it existed", function()
    test.results(table.pack(test.tee([[
        local s = tee.store
        local a, b = s.get("one"), s.delete("one")
        s.put("one", 1)
        return a, b, s.get("one"), s.get("on"), s.get("one\0"), s.delete("one"), s.delete("one"), s.get("one")]])),
        nil, false, 1, nil, nil, true, false, nil)
    is {}
end)

case("the last value counts", function()
    test.tee("for i = 1, 5 do tee.store.put('one', i) end tee.store.put('two', {}) tee.store.put('one', 'last')")
    is {one = "last", two = {}}
end)

case("a value that was read is a copy", function()
    test.results(table.pack(test.tee([[
        local t = {1}
        tee.store.put("t", t)
        t[1] = 2
        local got = tee.store.get("t")
        got[1] = 3
        return tee.store.get("t")[1], got == tee.store.get("t")]])), 1, false)
end)

case("pairs: sorted, by prefix, of one moment", function()
    equal(test.tee([[
        for _, key in ipairs {"b/2", "a/1", "b/10", "b", "c", "b\0", "b/\255"} do tee.store.put(key, key) end
        local seen = {}
        for _, prefix in ipairs {"b/", "", "b", "zz", "c"} do
            for key, value in tee.store.pairs(prefix) do
                assert(key == value)
                tee.store.put("b/new", "b/new")
                tee.store.delete("b/2")
                seen[#seen + 1] = key
            end
            tee.store.delete("b/new")
            tee.store.put("b/2", "b/2")
            seen[#seen + 1] = "|"
        end
        return table.concat(seen, " ")]]),
        "b/10 b/2 b/\255 | a/1 b b\0 b/10 b/2 b/\255 c | b b\0 b/10 b/2 b/\255 | | c |")
    equal(test.tee("local n = 0 for k in tee.store.pairs(nil) do n = n + 1 end return n"), 7)
end)

case("a transaction: all of it, and it sees itself", function()
    test.tee("tee.store.put('old', 1) tee.store.put('gone', 2)")
    test.results(table.pack(test.tee([[
        local keep
        local a, b, c = tee.store.transaction(function(t)
            keep = t
            t.put("new", "n")
            t.put("old", "o")
            local deleted, again = t.delete("gone"), t.delete("gone")
            local list = {}
            for k, v in t.pairs() do list[#list + 1] = k .. "=" .. v end
            t.put("brief", 1)
            t.delete("brief")
            return table.concat(list, " "), deleted, again, t.get("gone"), t.get("new"), t.get("brief")
        end)
        return a, b, c, pcall(keep.put, "late", 1)]])),
        "new=n old=o", true, false, false, "the transaction is over: start another one")
    is {new = "n", old = "o"}
    equal(test.tee("return select('#', tee.store.transaction(function() return nil, nil end))"), 2)
    is {new = "n", old = "o"}
end)

case("a transaction that fails has not been", function()
    test.tee("tee.store.put('one', 1)")
    test.results(table.pack(test.tee([[
        local code = {code = 7}
        local ok, e = pcall(tee.store.transaction, function(t)
            t.put("one", 2)
            t.put("two", 2)
            error(code)
        end)
        return ok, e == code, tee.store.get("one"), tee.store.get("two")]])), false, true, 1, nil)
    local ok, e = pcall(test.tee, [[tee.store.transaction(function(t) t.put("one", 3) error({reason = "no"}) end)]])
    test.results(table.pack(ok, e), false, {reason = "no"})
    raises_text("a function cannot be stored", test.tee, [[
        tee.store.transaction(function(t) t.put("one", 3) t.put("two", {x = print}) end)]])
    is {one = 1}
end)

case("one transaction at a time in a session", function()
    test.tee [[
        local raises = function(words, f, ...)
            local ok, e = pcall(f, ...)
            assert(not ok and e:find(words, 1, true), e)
        end
        tee.store.transaction(function(t)
            t.put("one", 1)
            for name, f in pairs(tee.store) do
                raises("a transaction is open", f, name == "transaction" and function() end or "key", 1)
            end
            t.put("two", 2)
        end)]]
    is {one = 1, two = 2}
end)

case("a transaction may call the host, be long, and be in a coroutine", function()
    tee.export("store_probe", function(x)
        -- The same session, while its transaction waits.
        raises_text("a transaction is open", test.tee, "return tee.store.get('one')")
        return x + 1
    end)
    equal(test.tee [[
        return tee.store.transaction(function(t)
            t.put("one", tee.host.store_probe(1))
            for _ = 1, 5000000 do end -- more than a slice
            local co = coroutine.wrap(function() t.put("two", 2) coroutine.yield() t.put("three", 3) end)
            co() co()
            return t.get("one")
        end)]], 2)
    tee.export("store_probe", nil)
    is {one = 2, two = 2, three = 3}
end)

case("a transaction ends with the call that began it", function()
    -- In a coroutine that waits for ever: a module keeps it.
    test.tee [[
        local held = require "module_fresh"
        held.co = coroutine.create(function()
            tee.store.transaction(function(t) t.put("one", 1) coroutine.yield() t.put("two", 2) end)
        end)
        assert(coroutine.resume(held.co))
        assert(not pcall(tee.store.put, "three", 3))]]
    test.tee "tee.store.put('four', 4)"
    test.results(table.pack(test.tee "return coroutine.resume(require('module_fresh').co)"), false,
        "eval:3: the transaction is over: start another one")
    test.tee [[
        local held = require "module_fresh"
        held.co = coroutine.create(function()
            tee.store.transaction(function(t) t.put("one", 1) coroutine.yield() end)
        end)
        coroutine.resume(held.co)]]
    local ok, why = test.tee "return coroutine.resume(require('module_fresh').co)"
    equal(ok, false)
    test.contains(why, "the transaction is over, and nothing was stored")
    is {four = 4}
end)

case("out of fuel in a transaction: nothing changed, nothing is locked", function()
    local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend, fuel = 3000000}
    raises_text("out of fuel", s.call, s, "eval",
        "tee.store.transaction(function(t) t.put('one', 1) while true do end end)")
    equal(s:call("eval", "return tee.store.get('one')"), nil)
    test.tee "tee.store.put('two', 2)"
    is {two = 2}
end)

case("sessions see each other's changes, and lose none", function()
    local a <close> = session()
    local b <close> = session()
    for i = 1, test.slow and 3 or 40 do
        a:call("eval", "tee.store.put('a' .. ..., ...) tee.store.put('both', 'a')", i)
        equal(b:call("eval", "return tee.store.get('both')"), "a")
        b:call("eval", [[local i = ... tee.store.transaction(function(t)
            t.put("sum", (t.get("sum") or 0) + i)
            t.delete("a" .. i)
            t.put("both", "b") end)]], i)
        test.results(table.pack(a:call("eval", "return tee.store.get('both'), tee.store.get('sum')")), "b",
            i * (i + 1) // 2)
    end
    b:call("eval", "tee.store.clear()")
    equal(a:call("eval", "return tee.store.get('sum')"), nil)
    a:call("eval", "tee.store.put('new', 1)")
    is {new = 1}
end)

case("a transaction of another session is waited for", function()
    local a <close> = session()
    tee.export("meanwhile", function()
        raises_text("in use by another session", test.tee, "return tee.store.get('one')")
    end)
    a:call("eval", "tee.store.transaction(function(t) t.put('one', 1) tee.host.meanwhile() end)")
    tee.export("meanwhile", nil)
    is {one = 1}
end)

case("a wait for another session ends with the call's deadline, however often it is tried", function()
    local a <close> = session()
    local b <close> = session()
    tee.export("meanwhile", function()
        for _, source in ipairs {
            "tee.store.get('one')",
            "while true do pcall(tee.store.get, 'one') end",
            "while true do pcall(tee.store.put, 'one', 2) end",
            "while true do pcall(tee.store.transaction, function() end) end",
            "while true do pcall(tee.store.clear) end",
        } do
            raises_text("the deadline is over", b:with {deadline = 0.1}.call, "eval", source)
        end
    end)
    a:call("eval", "tee.store.transaction(function(t) t.put('one', 1) tee.host.meanwhile() end)")
    tee.export("meanwhile", nil)
    is {one = 1}
end)

case("a session that ends in a transaction leaves no lock", function()
    local a = session()
    tee.export("meanwhile", function() a:close() end)
    local ok = pcall(a.call, a, "eval", "tee.store.transaction(function(t) t.put('one', 1) tee.host.meanwhile() end)")
    tee.export("meanwhile", nil)
    if ok then a:close() end
    test.tee("tee.store.put('two', 2)")
    equal(test.tee("return tee.store.get('two')"), 2)
end)

case("apps do not see each other's store", function()
    local other <close> = session(test.app .. "/numbers")
    test.tee("tee.store.put('one', 1)")
    test.results(table.pack(other:call("keys", [[
        local before = tee.store.get("one")
        tee.store.put("one", "other")
        return before, tee.store.get("one")]])), nil, "other")
    other:call("keys", "tee.store.clear()")
    is {one = 1}
end)

case("wrong arguments", function()
    for _, f in ipairs {"put", "get", "delete"} do
        raises_text("1 to 255 bytes", test.tee, "tee.store." .. f .. "('', 1)")
        raises_text("1 to 255 bytes", test.tee, "tee.store." .. f .. "(('k'):rep(256), 1)")
        raises_text("string expected", test.tee, "tee.store." .. f .. "(1, 1)")
        raises_text("string expected", test.tee, "tee.store." .. f .. "()")
    end
    raises_text("to remove a key, use delete", test.tee, "tee.store.put('one', nil)")
    raises_text("value expected", test.tee, "tee.store.put('one')")
    raises_text("string expected", test.tee, "tee.store.pairs(1)")
    raises_text("function expected", test.tee, "tee.store.transaction()")
    raises_text("argument 2 .a[2]: a function cannot be stored", test.tee, "tee.store.put('one', {a = {1, print}})")
    raises_text("argument 2 .me: cycle", test.tee, "local t = {} t.me = t tee.store.put('one', t)")
    raises_text("a coroutine cannot", test.tee, "tee.store.put('one', coroutine.create(print))")
    raises_text("userdata cannot", test.tee, "tee.store.put('one', {tee.digest('sha256')})")
    raises_text("only booleans, numbers and strings can be keys", test.tee, "tee.store.put('one', {[print] = 1})")
    raises_text("too deep", test.tee, "local t = {} for _ = 1, 64 do t = {t} end tee.store.put('one', t)")
    raises_text("too large", test.tee, "local t = {} for _ = 1, 60 do t = {t, t} end tee.store.put('one', t)")
    is {}
end)

case("KEY_MAX, VALUE_MAX", function()
    test.tee("tee.store.put(('k'):rep(...), 1)", KEY_MAX)
    equal(test.tee("return tee.store.get(('k'):rep(...))", KEY_MAX), 1)
    local head = 3 -- of a string as long as that
    test.tee("tee.store.put('one', ('v'):rep(...))", VALUE_MAX - head)
    equal(test.tee("return #tee.store.get('one')"), VALUE_MAX - head)
    raises_text("the value has 32769 bytes, and the limit is 32768", test.tee,
        "tee.store.put('one', ('v'):rep(...))", VALUE_MAX - head + 1)
    equal(test.tee("return #tee.store.get('one')"), VALUE_MAX - head)
end)

case("KEYS_MAX", function()
    test.tee("local n = ... tee.store.transaction(function(t) for i = 1, n do t.put('k' .. i, i) end end)",
        KEYS_MAX)
    raises_text("would have 2049 keys, and the limit is 2048", test.tee, "tee.store.put('more', 1)")
    test.tee("tee.store.transaction(function(t) t.put('more', 1) t.delete('k1') end)")
    test.results(table.pack(test.tee([[
        local n = 0
        for _ in tee.store.pairs("k") do n = n + 1 end
        return n, tee.store.get("k1"), tee.store.get("k2048"), tee.store.get("more")]])), KEYS_MAX - 1, nil, KEYS_MAX, 1)
end)

case("SIZE_MAX", function()
    local size = 30000
    local fit = SIZE_MAX // (size + 3 + 3)
    test.tee("for i = 1, ... do tee.store.put('k' .. i, ('v'):rep(30000)) end", fit)
    local rest = SIZE_MAX - fit * (size + 3 + 3)
    raises_text("would have 131073 bytes of keys and values, and the limit is 131072", test.tee,
        "tee.store.put('kk', ('v'):rep(...))", rest - 6 + 1)
    test.tee("tee.store.put('kk', ('v'):rep(...))", rest - 6)
    raises_text("delete some", test.tee, "tee.store.put('m', 1)")
    raises_text("delete some", test.tee, [[tee.store.transaction(function(t)
        t.delete("k1") t.put("a", ("v"):rep(30000)) t.put("b", 1) end)]])
    equal(test.tee("return #tee.store.get('k1'), tee.store.get('a')"), size)
    test.tee("tee.store.delete('k1') tee.store.put('m', 1)")
    local s <close> = session()
    test.results(table.pack(s:call("eval", "return tee.store.get('k1'), tee.store.get('m'), #tee.store.get('k2')")),
        nil, 1, size)
end)

case("many changes of few keys: the log is written anew", function()
    local rounds = test.slow and 6 or 400
    local a <close> = session()
    for i = 1, 4 do
        a:call("eval", [[
            local from, rounds = ...
            for i = from, from + rounds - 1 do
                tee.store.put("key" .. i % 3, ("v"):rep(500) .. i)
                if i % 7 == 0 then tee.store.delete("key0") end
            end]], i * rounds, rounds)
        local expected = a:call("eval", ALL)
        is(expected)
        equal(expected["key" .. (i * rounds + rounds - 1) % 3], ("v"):rep(500) .. i * rounds + rounds - 1)
    end
end)

case("a store that gets smaller", function()
    test.tee [[
        for i = 1, 20 do tee.store.put("key" .. i, ("x"):rep(4000)) end
        for i = 1, 19 do tee.store.delete("key" .. i) end
        for n = 1, 60 do tee.store.put("key20", ("z"):rep(n)) end]]
    is {key20 = ("z"):rep(60)}
    test.tee "tee.store.put('more', 1)"
    is {key20 = ("z"):rep(60), more = 1}
end)

case("the store is paid for", function()
    local put, get = test.tee([[
        local a = tee.fuel()
        tee.store.put("one", 1)
        local b = tee.fuel()
        tee.store.get("one")
        return b - a, tee.fuel() - b]])
    test.ok(put >= 200000 and put < 250000, put)
    test.ok(get >= 200000 and get < 250000, get)
end)

case("a store that the session's memory cannot hold is an error, and is still there", function()
    test.tee("for i = 1, 4 do tee.store.put('k' .. i, ('v'):rep(30000)) end")
    local small <close> = tee.open {app = test.app, plaintext = true, backend = test.backend, memory = 160 * 1024}
    raises_text("not enough memory", small.call, small, "eval", "return tee.store.get('k1')")
    equal(test.tee("return #tee.store.get('k1')"), 30000)
end)

case("nothing is left", function() is {} end)
