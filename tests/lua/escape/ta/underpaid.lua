-- SPDX-License-Identifier: BSD-2-Clause
-- What takes much longer than its instructions: each must take fuel for it.
local cases = require "cases"

local function used(f)
    local before = tee.fuel()
    f()
    return tee.fuel() - before
end

local function at_least(units, f)
    return function()
        local n = used(f)
        assert(n >= units, n .. " units")
    end
end

local function below(depth, f)
    if depth == 0 then f() return end
    below(depth - 1, f)
    return nil
end

local large, small = 1e308, 1.1e-308
local zeros, more = ("\0"):rep(100000), ("\0"):rep(100001)

return cases((...), {
    {"% of numbers that are far apart", true, at_least(50000, function()
        local _
        for _ = 1, 100 do _ = large % small end
    end)},
    {"% of a constant", true, at_least(50000, function()
        local _
        for _ = 1, 100 do _ = large % 1.1e-308 end
    end)},
    {"math.fmod", true, at_least(50000, function() for _ = 1, 100 do math.fmod(large, small) end end)},
    {"but not % of what is near", true, function()
        local x = 12345.678
        local n = used(function() local _ for _ = 1, 1000 do _ = x % 360.0 end end)
        assert(n < 5000, n .. " units")
    end},
    {"errors above many calls", true, function()
        below(10000, at_least(40000, function() for _ = 1, 16 do pcall(error, "x") end end))
    end},
    {"but not errors above few", true, function()
        local n = used(function() for _ = 1, 16 do pcall(error, "x") end end)
        assert(n < 16 * 300, n .. " units")
    end},
    {"the order of strings of zeros", true, at_least(6000, function() return zeros < more end)},
    {"the same with <=", true, at_least(6000, function() return zeros <= more end)},
    {"load of nearly nothing", true, at_least(30000, function() for _ = 1, 100 do load("") end end)},
    {"%, until the fuel is empty", "out of fuel", function() while true do local _ = large % small end end},
    {"fmod, until the fuel is empty", "out of fuel", function() while true do math.fmod(large, small) end end},
    {"errors, until the fuel is empty", "out of fuel", function()
        below(10000, function() while true do pcall(error, "x") end end)
    end},
})
