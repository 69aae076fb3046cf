-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
local piece = ("x"):rep(1000)
local function greedy() local t = {} for i = 1, math.huge do t[i] = piece .. i end end
return cases((...), {
    {"pcall catches it, with figures", true, function()
        local ok, e = pcall(greedy)
        assert(not ok and e:match("^not enough memory: needed [%d,]+ more bytes; %d+ KiB of 4096 KiB in use; " ..
            "raise `memory` in manifest.lua$"), e)
    end},
    {"and there is memory again", true, function() pcall(greedy) assert(#("x"):rep(1 << 20) == 1 << 20) end},
    {"again and again, until the fuel is empty", "out of fuel", function() while true do pcall(greedy) end end},
    {"large blocks, again and again", "out of fuel", function() while true do pcall(string.rep, "x", 1 << 28) end end},
    {"in coroutines", "out of fuel", function() while true do coroutine.resume(coroutine.create(greedy)) end end},
    {"resume tells the figures", true, function()
        local ok, e = coroutine.resume(coroutine.create(greedy))
        assert(not ok and e:find("of 4096 KiB in use", 1, true), e)
    end},
    {"with the memory held", "out of fuel", function()
        local t = {}
        while true do pcall(function() while true do t[#t + 1] = ("x"):rep(5000) .. #t end end) end
    end},
    {"a deep stack when memory is full of garbage", true, function()
        local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end
        for count = 3300, 3600, 150 do
            coroutine.wrap(function()
                local t = {}
                pcall(function() for i = 1, count do t[i] = piece .. i end end)
                t = nil
                assert(deep(3000) == 3000)
            end)()
        end
    end},
    {"<close> that needs memory", "not enough memory", function()
        local x <close> = setmetatable({}, {__close = function() local _ = ("x"):rep(100) end})
        greedy()
    end},
})
