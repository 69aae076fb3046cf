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

-- A million takes most of a minute on the simulator.
local CALLS = (test.backend ~= "sim" or test.few) and 20000 or test.all and 1000000 or 200000

-- Of ten calls one has callbacks, which come on top of them, and one makes an object.
local TURN = 10

-- What may come and go: pages of the TEE that some size of block keeps, the host's Lua state (in KiB), and the host's process. The
-- sanitizers, under which only samples run, keep a MiB of freed memory, which fills slowly.
local GROWTH = {tee = 16384, lua = 16, host = test.few and 5 << 19 or 1 << 20}

local function resident()
    local file = assert(io.open "/proc/self/statm")
    local pages = tonumber(file:read "a":match "^%d+ (%d+)")
    file:close()
    return pages * 4096
end

local function reading(s)
    collectgarbage()
    collectgarbage()
    s:call("eval", "collectgarbage()")
    return {tee = s:info().memory, lua = collectgarbage "count", host = resident()}
end

case(CALLS .. " calls with callbacks and dropped objects: nothing grows", function()
    local s <close> = open()
    local churn = s:call("churn")
    local sum, expected, calls = 0, 0, 0
    local function each(x) sum = sum + x end
    local function turn(i)
        churn(i, each, function() return i end)    -- the TEE calls both, and drops the second
        local object = s:call("account", i)         -- the host drops it
        for n = 3, TURN do equal(object.deposit(1), i + n - 2) end
        expected = expected + 2 * i
        calls = calls + TURN
    end
    local function turns(n)
        for i = 1, n do turn(i) end
        return reading(s)
    end
    turns(CALLS // TURN // 20) -- to its usual size
    local first = turns(CALLS // TURN // 20)
    for tenth = 2, 10 do
        local now = turns(CALLS // TURN // 10)
        for what, most in pairs(GROWTH) do
            test.ok(now[what] <= first[what] + most,
                string.format("%s, %d tenths: it grew from %.0f to %.0f", what, tenth, first[what], now[what]))
        end
    end
    equal(sum, expected)
    test.ok(calls >= CALLS * 0.99, calls .. " calls")
end)
