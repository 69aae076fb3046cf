-- SPDX-License-Identifier: BSD-2-Clause
-- What freed memory too early in some Lua: objects that change while somebody in C holds them.
local cases = require "cases"
return cases((...), {
    {"table.sort whose comparison empties the table", true, function()
        local t = {}
        for i = 1, 200 do t[i] = {n = i * 7919 % 200} end
        pcall(table.sort, t, function(a, b)
            for i in pairs(t) do t[i] = nil end
            collectgarbage()
            return a.n < b.n
        end)
    end},
    {"gsub whose callback drops the subject", true, function()
        local s = ("x"):rep(100) .. math.random()
        local r = s:gsub("x", function() s = nil collectgarbage() return "y" end)
        assert(r:sub(1, 100) == ("y"):rep(100))
    end},
    {"load whose reader collects its own pieces", true, function()
        local i = 0
        assert(load(function()
            i = i + 1
            collectgarbage()
            return i <= 50 and "local a" .. i .. " = '" .. ("z"):rep(50) .. "' " or nil
        end))
    end},
    {"a traversal whose table grows", true, function()
        local t = {}
        for i = 1, 10 do t[i .. ""] = i end
        pcall(function() for k in pairs(t) do t[k .. "x"] = 1 t[k] = nil collectgarbage() if #k > 20 then break end end end)
    end},
    {"a weak table whose mode changes", true, function()
        local meta = {__mode = "k"}
        local t = setmetatable({}, meta)
        for i = 1, 500 do t[{}] = {} if i % 50 == 0 then meta.__mode = i % 100 == 0 and "v" or "kv" collectgarbage() end end
    end},
    {"a value that its key keeps alive, and the other way round", true, function()
        local t = setmetatable({}, {__mode = "k"})
        for _ = 1, 200 do local k = {} t[k] = {k} end
        collectgarbage()
        collectgarbage()
        assert(next(t) == nil)
    end},
    {"a chain of ephemerons against the order", true, function()
        -- The tables lie in an order in which each pass of the collector gets on by some only: N times N in all.
        local N, meta = 6007, {__mode = "k"}
        local all, key = {}, {}
        local first, k = key, key
        for i = 1, N do all[i] = setmetatable({}, meta) end
        for i = 1, N do
            local value = {}
            all[i * 1597 % N + 1][key], key = value, value
        end
        key = nil
        collectgarbage()
        for i = 1, N do k = all[i * 1597 % N + 1][k] end
        assert(k, "a live value was collected")
    end},
    {"a dead ephemeron chain goes in the end", true, function()
        local all = {}
        do
            local key = {}
            for i = 1, 300 do
                local t = setmetatable({}, {__mode = "k"})
                local value = {}
                t[key], all[301 - i], key = value, t, value
            end
        end
        for _ = 1, 20 do collectgarbage() end
        for i = 1, 300 do assert(next(all[i]) == nil, i) end
    end},
    {"a coroutine that closes itself", "cannot close a running coroutine", function()
        local co
        co = coroutine.wrap(function() coroutine.close(coroutine.running()) end)
        co()
    end},
    {"a coroutine dropped while it waits", true, function()
        for _ = 1, 100 do
            local co = coroutine.wrap(function(...) local t = {...} coroutine.yield() return t end)
            co(1, 2, 3)
        end
        collectgarbage()
    end},
    {"an upvalue that outlives its coroutine", true, function()
        local get
        do
            local co = coroutine.create(function() local x = {"alive"} get = function() return x end coroutine.yield() end)
            coroutine.resume(co)
            coroutine.close(co)
        end
        collectgarbage()
        assert(get()[1] == "alive")
    end},
    {"table.move into itself while __newindex empties it", true, function()
        local t
        t = setmetatable({}, {__index = function(_, k) return {k} end, __newindex = function(s)
            for k in next, s do rawset(s, k, nil) end
            collectgarbage("step")
        end})
        table.move(t, 1, 200, 2)
    end},
})
