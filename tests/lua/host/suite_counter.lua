-- SPDX-License-Identifier: BSD-2-Clause
-- tee.counter. Counters stay from run to run: cases look at how they go on.

local tee = require "tee"
local test = require "test"
local equal, raises_text = test.equal, test.raises_text

local COUNTERS_MAX = 32

local function session(app)
    return tee.open {app = app or test.app, plaintext = true, backend = test.backend}
end

local VALUE = "return tee.counter(...):value()"

test.case("a counter goes up, and says so", function()
    local before = test.tee(VALUE, "one")
    test.results(table.pack(test.tee([[
        local c = tee.counter("one")
        return c:increment(), c:increment(1), c:increment(40), c:value(), tee.counter("one"):value(), tostring(c)]])),
        before + 1, before + 2, before + 42, before + 42, before + 42, "counter (one)")
    local s <close> = session()
    equal(s:call("eval", VALUE, "one"), before + 42)
end)

test.case("counters are apart", function()
    local one, two = test.tee(VALUE, "one"), test.tee(VALUE, "two")
    test.tee("tee.counter('two'):increment()")
    test.results(table.pack(test.tee(VALUE, "one"), test.tee(VALUE, "two"), test.tee(VALUE, "on"),
        test.tee(VALUE, "ones")), one, two + 1, 0, 0)
    local other <close> = session(test.app .. "/numbers")
    local theirs = other:call("keys", VALUE, "one")
    other:call("keys", "tee.counter('one'):increment(7)")
    equal(other:call("keys", VALUE, "one"), theirs + 7)
    equal(test.tee(VALUE, "one"), one)
end)

test.case("sessions lose no step", function()
    local a <close> = session()
    local b <close> = session()
    local before = test.tee(VALUE, "one")
    for i = 1, test.slow and 3 or 20 do
        equal(a:call("eval", "return tee.counter('one'):increment()"), before + 2 * i - 1)
        equal(b:call("eval", "return tee.counter('one'):increment()"), before + 2 * i)
    end
end)

test.case("a failed transaction does not undo steps", function()
    local before = test.tee(VALUE, "one")
    equal(test.tee([[
        pcall(tee.store.transaction, function(t)
            t.put("count", tee.counter("one"):increment())
            error("no")
        end)
        return tee.counter("one"):value()]]), before + 1)
    equal(test.tee("return tee.store.get('count')"), nil)
end)

test.case("invalid steps are rejected", function()
    local before = test.tee(VALUE, "one")
    for _, by in ipairs {0, -1, math.mininteger} do
        raises_text("a counter only goes up", test.tee, "tee.counter('one'):increment(...)", by)
    end
    raises_text("number has no integer representation", test.tee, "tee.counter('one'):increment(1.5)")
    raises_text("number expected", test.tee, "tee.counter('one'):increment({})")
    raises_text("the sum is above 2^63 - 1", test.tee, "tee.counter('one'):increment(math.maxinteger)")
    raises_text("the counter 'one' is not lost: only a lost counter can be restarted", test.tee, "tee.counter('one'):restart(0)")
    raises_text("the counter 'fresh' is not lost", test.tee, "tee.counter('fresh'):restart(0)")
    raises_text("0 or more", test.tee, "tee.counter('one'):restart(-1)")
    equal(test.tee(VALUE, "one"), before)
    equal(test.tee(VALUE, "fresh"), 0)
end)

test.case("the last number there is", function()
    local other <close> = session(test.app .. "/numbers")
    local now = other:call("keys", VALUE, "last")
    if now < math.maxinteger then
        equal(other:call("keys", "return tee.counter('last'):increment(...)", math.maxinteger - now), math.maxinteger)
    end
    raises_text("the sum is above 2^63 - 1", other.call, other, "keys", "tee.counter('last'):increment()")
    equal(other:call("keys", VALUE, "last"), math.maxinteger)
end)

test.case("invalid names are rejected", function()
    for _, name in ipairs {"", ".", "a/b", "a b", "a\0", ("n"):rep(65), "é"} do
        raises_text("A-Z a-z 0-9", test.tee, "return tee.counter(...)", name)
    end
    raises_text("string expected", test.tee, "return tee.counter()")
    raises_text("string expected", test.tee, "return tee.counter(1)")
    local longest = ("n"):rep(64)
    local before = test.tee(VALUE, longest)
    equal(test.tee("return tee.counter(...):increment()", longest), before + 1)
    equal(test.tee(VALUE, longest:sub(2)), 0)
end)

test.case("COUNTERS_MAX", function()
    if test.slow then return end -- a hundred accesses
    local other <close> = session(test.app .. "/numbers")
    local count, why, last = other:call("keys", [[
        local ok, why, count = nil, nil, 0
        for i = 1, ... do ok, why = pcall(function() tee.counter("c" .. i):increment() end) end
        for i = -1, ... do
            local name = i == -1 and "one" or i == 0 and "last" or "c" .. i
            if tee.counter(name):value() > 0 then count = count + 1 end
        end
        return count, why, tee.counter("c" .. ...):value()]], COUNTERS_MAX)
    test.results(table.pack(count, last), COUNTERS_MAX, 0)
    test.contains(why, "the counter 'c32' is one too many: the limit of an app is 32")
    -- Those that are there go on.
    test.results(table.pack(other:call("keys", "local c = tee.counter('c1') return c:increment() - c:value()")), 0)
end)

test.case("the level of protection is the TEE's", function()
    local level = tee.info().rollback
    equal(test.tee("return tee.counter('one'):protection()"), level)
    test.ok(level == 0 or level == 100 or level == 1000)
end)

test.case("a counter's metatable and methods are out of reach", function()
    test.results(table.pack(test.tee([[
        local c = tee.counter("one")
        return getmetatable(c), pcall(setmetatable, c, {}), pcall(c.increment, {}),
            pcall(c.increment, tee.digest("sha256"))]])),
        false, false, false, false, "bad argument #1 to '?' (tee.counter expected, got tee.digest)")
end)
