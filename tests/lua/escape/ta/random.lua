-- SPDX-License-Identifier: BSD-2-Clause
-- Who sets the seed of another script's random numbers knows them.
local cases = require "cases"
local other = require "random_module"

local function numbers(random)
    local t = {}
    for i = 1, 4 do t[i] = random(0) end
    return table.concat(t, " ")
end

math.randomseed(42)
local seeded = numbers(math.random)
local continued = numbers(math.random)

return cases((...), {
    {"a seed in this script, numbers of a module", true, function()
        math.randomseed(42)
        assert(other.numbers() ~= seeded)
    end},
    {"a seed in a module, numbers of this script", true, function()
        other.seed(42)
        assert(numbers(math.random) ~= seeded)
        assert(other.numbers() == seeded, "its own numbers are what it wanted")
    end},
    {"a seed in this script, numbers of a script it calls", true, function()
        math.randomseed(42)
        assert(tee.call("random_numbers") ~= seeded)
    end},
    {"a seed in a script that is called, numbers of this one", true, function()
        local before = numbers(math.random)
        assert(tee.call("random_numbers", 42) == seeded)
        assert(numbers(math.random) ~= seeded and before ~= seeded)
    end},
    {"a seed that was set in the call before", true, function()
        assert(tee.call("random_numbers", 42) == seeded)
        assert(tee.call("random_numbers") ~= continued)
    end},
    {"two calls of one script", true, function()
        assert(tee.call("random_numbers") ~= tee.call("random_numbers"))
    end},
    {"functions that were taken before the seed", true, function()
        local random = math.random
        math.randomseed(42)
        assert(numbers(random) == seeded, "as in stock Lua")
    end},
    {"chunks of load share the generator of their globals", true, function()
        load("math.randomseed(42)")()
        assert(numbers(math.random) == seeded)
    end},
    {"the seeds that randomseed returns are no addresses", true, function()
        local upper, distinct = {}, 0
        for _ = 1, 50 do
            local a, b = math.randomseed()
            for _, seed in ipairs {a, b} do
                if not upper[seed >> 32] then upper[seed >> 32] = true distinct = distinct + 1 end
            end
        end
        assert(distinct > 95, distinct)
    end},
    {"new seeds, until the fuel is empty", "out of fuel", function() while true do math.randomseed() end end},
    {"new seeds are paid for", true, function()
        local before = tee.fuel()
        for _ = 1, 10 do math.randomseed() end
        assert(tee.fuel() - before > 20000)
    end},
})
