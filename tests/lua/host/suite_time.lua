-- SPDX-License-Identifier: BSD-2-Clause
-- tee.time: the clocks of the TEE. That persistent time survives what it must, and is lost when it must:
-- tests/unit/core/storage/clock_test.c.

local tee = require "tee"
local test = require "test"
local case, equal, raises_text = test.case, test.equal, test.raises_text

-- A slow machine may take its time between two looks at a clock.
local PATIENCE = 60

local function open(app, fuel)
    return tee.open {app = app, plaintext = true, backend = test.backend, fuel = fuel}
end

local function is_time(t)
    equal(math.type(t), "float")
    -- Whole milliseconds, to what a double can hold of them.
    equal(t, tonumber(string.format("%.3f", t)))
end

local function near(t, expected)
    test.ok(t >= expected - 0.001 and t < expected + PATIENCE, t .. " is not near " .. expected)
end

case("times are floats of seconds, in milliseconds", function()
    local system, ree = test.tee("tee.time.set_persistent(5) return tee.time.system(), tee.time.ree()")
    is_time(system)
    is_time(ree)
    is_time(test.tee("return tee.time.persistent()"))
end)

case("system time goes on and never back", function()
    local first, last, steps = test.tee([[
        local first = tee.time.system()
        local last, steps = first, 0
        for _ = 1, 100000 do
            local now = tee.time.system()
            assert(now >= last, "the clock went back")
            if now > last then steps = steps + 1 end
            last = now
            if steps == 3 then break end
        end
        return first, last, steps]])
    test.ok(last > first and steps == 3, "it stands still")
end)

case("REE time is the host's clock", function()
    local before = os.time()
    near(test.tee("return tee.time.ree()"), before)
end)

case("persistent time is what it was set to, and goes on", function()
    for _, t in ipairs {1000, 0, 86400.25, 1.5e9, 4294967295, 4294967295.999, 0.001, -0.0} do
        test.tee("tee.time.set_persistent(...)", t)
        near(test.tee("return tee.time.persistent()"), t)
    end
    test.ok(test.tee([[
        tee.time.set_persistent(7)
        for i = 1, 300 do
            if tee.time.persistent() > 7 then return true end
        end
        return false]]), "it stands still")
end)

case("it is rounded to a millisecond", function()
    test.ok(test.tee("tee.time.set_persistent(12.0004) return tee.time.persistent()") >= 12)
    test.ok(test.tee("tee.time.set_persistent(12.0006) return tee.time.persistent()") >= 12.001)
end)

case("other sessions of the app see it", function()
    test.tee("tee.time.set_persistent(50000)")
    local s <close> = open(test.app)
    near(s:call("eval", "return tee.time.persistent()"), 50000)
    s:call("eval", "tee.time.set_persistent(90000)")
    near(test.tee("return tee.time.persistent()"), 90000)
end)

case("another app has a time of its own", function()
    local s <close> = open(test.app .. "/numbers")
    test.tee("tee.time.set_persistent(1000000)")
    s:call("clock", 2000)
    near(test.tee("return tee.time.persistent()"), 1000000)
    near(s:call("clock"), 2000)
    test.tee("tee.time.set_persistent(30)")
    near(s:call("clock"), 2000)
end)

case("an invalid time is rejected", function()
    for _, t in ipairs {"-1", "-0.001", "2^32", "1e300", "0/0", "1/0", "-1/0", "math.mininteger", "math.maxinteger"} do
        raises_text("seconds from 0 to 2^32 expected", test.tee, "tee.time.set_persistent(" .. t .. ")")
    end
    for _, t in ipairs {"'5'", "nil", "", "true", "{}"} do
        raises_text("number expected", test.tee, "tee.time.set_persistent(" .. t .. ")")
    end
    test.tee("tee.time.set_persistent(77)")
    pcall(test.tee, "tee.time.set_persistent(-1)")
    near(test.tee("return tee.time.persistent()"), 77)
end)

case("trust names the world that controls each clock", function()
    local trust = test.tee("return tee.time.trust()")
    equal(trust.ree, "ree")
    -- OP-TEE reads the generic timer, and reports of persistent time that the rich OS controls it.
    equal(trust.system, test.backend == "sim" and "ree" or "tee")
    equal(trust.persistent, "ree")
    trust.ree, trust.system, trust.persistent = nil, nil, nil
    equal(next(trust), nil)
end)

case("tee.supports knows whether there is one", function()
    equal(test.tee("return tee.supports('persistent-time')"), true)
    equal(test.tee("return tee.supports('persistent-time', 'sha256')"), true)
    equal(test.tee("return tee.supports('persistent-time', 'rot13')"), false)
    equal(test.tee("return tee.supports('persistent-clock')"), false)
end)

case("looking at clocks is paid for", function()
    for _, f in ipairs {"system()", "ree()", "trust()", "persistent()", "set_persistent(1)"} do
        local before, after = test.tee("local a = tee.fuel() tee.time." .. f .. " return a, (tee.fuel())")
        test.ok(after - before >= 2000, f)
    end
    local s <close> = open(test.app, 1000000)
    raises_text("fuel", s.call, s, "eval", "while true do tee.time.system() end")
end)
