-- SPDX-License-Identifier: BSD-2-Clause
-- Objects: tables of functions over a secret that stays. And a long run: neither side may grow.

local tee = require "tee"
local test = require "test"
local case, equal = test.case, test.equal

local function open() return tee.open {app = test.app, plaintext = true, backend = test.backend} end

case("a trusted object", function()
    local s <close> = open()
    local a, b = s:call("account", 10), s:call("account", 100)
    equal(a.deposit(5), 15)
    equal(b.withdraw(30), 70)
    equal(a.balance(), 15)
    equal(a.secret, nil)
    test.raises_text("not enough", a.withdraw, 16)
    equal(a.balance(), 15)
end)

case("an object as an argument of another", function()
    local s <close> = open()
    local a, b = s:call("account", 10), s:call("account", 0)
    a.move(4, b)
    equal(a.balance(), 6)
    equal(b.balance(), 4)
end)

-- LUATEE_TEST_CALLS in the environment makes it longer; the device runs this file with what is given there.
local CALLS = tonumber(os.getenv "LUATEE_TEST_CALLS") or (test.backend == "sim" and 1000000 or 20000)

local function resident()
    local file = io.open "/proc/self/statm"
    local pages = tonumber(file:read "a":match "^%d+ (%d+)")
    file:close()
    return pages * 4096
end

case(CALLS .. " calls with callbacks and dropped objects: nothing grows", function()
    local s <close> = open()
    local churn = s:call("churn")
    local sum, expected, calls = 0, 0, 0
    local function each(x) sum = sum + x end
    local function round(n)
        for i = 1, n, 5 do
            churn(i, each, function() return i end)    -- the TEE calls both, and drops the second
            local object = s:call("account", i)         -- the host drops it
            expected = expected + 2 * i
            calls = calls + 5
            object.deposit(1)
        end
        collectgarbage()
        collectgarbage()
        s:call("eval", "collectgarbage()")
        return s:info().memory, resident()
    end
    round(CALLS // 10)
    local memory, host = round(CALLS // 10)
    local memory_later, host_later = round(CALLS * 8 // 10)
    equal(sum, expected)
    test.ok(calls >= CALLS - 15, calls .. " calls")
    test.ok(memory_later <= memory + 16384, string.format("the TEE grew from %d to %d bytes", memory, memory_later))
    test.ok(host_later <= host + (1 << 20), string.format("the host grew from %d to %d bytes", host, host_later))
end)
