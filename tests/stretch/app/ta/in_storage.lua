-- SPDX-License-Identifier: BSD-2-Clause
-- Worst inputs of tee.store and tee.counter, with a store as large as it may be.
local shapes = require "shapes"
local K = shapes.K
local inputs = {}

local function many_keys()
    tee.store.clear()
    tee.store.transaction(function(t)
        for i = 1, 2000 do t.put(("key %04d"):format(i), i) end
    end)
end

local function large_values()
    tee.store.clear()
    for i = 1, 4 do tee.store.put("key " .. i, ("x"):rep(31 * K)) end
end

inputs["tee.store.put: one of many keys"] = function(loop)
    many_keys()
    loop(function() tee.store.put("key 0001", 1) end)
end
inputs["tee.store.put: a large value"] = function(loop)
    large_values()
    local value = ("x"):rep(31 * K)
    loop(function() tee.store.put("key 1", value) end)
end
inputs["tee.store.put: a list"] = function(loop)
    tee.store.clear()
    local value = shapes.list(15000, 1)
    loop(function() tee.store.put("key 1", value) end)
end
inputs["tee.store.put: too much"] = function(loop)
    local value = shapes.list(200000, 1)
    loop(function() pcall(tee.store.put, "key 1", value) end)
end
inputs["tee.store.put: a table that was emptied"] = function(loop)
    local value = shapes.emptied(130000)
    loop(function() pcall(tee.store.put, "key 1", value) end)
end
inputs["tee.store.get: one of many keys"] = function(loop)
    many_keys()
    loop(function() tee.store.get("key 0001") end)
end
inputs["tee.store.get: a large value"] = function(loop)
    large_values()
    loop(function() tee.store.get("key 1") end)
end
inputs["tee.store.get: a list"] = function(loop)
    tee.store.clear()
    tee.store.put("key 1", shapes.list(15000, 1))
    loop(function() tee.store.get("key 1") end)
end
inputs["tee.store.delete"] = function(loop)
    many_keys()
    local i = 0
    loop(function()
        i = i + 1
        tee.store.delete(("key %04d"):format(i))
    end)
end
inputs["tee.store.pairs: many keys"] = function(loop)
    many_keys()
    loop(function() for _ in tee.store.pairs() do end end)
end
inputs["tee.store.pairs: a prefix of nothing"] = function(loop)
    many_keys()
    loop(function() for _ in tee.store.pairs("nothing") do end end)
end
inputs["tee.store.transaction: many keys"] = function(loop)
    tee.store.clear()
    loop(function()
        tee.store.transaction(function(t)
            for i = 1, 2000 do t.put(("key %04d"):format(i), i) end
        end)
    end)
end
inputs["tee.store.transaction: one key, over and over"] = function(loop)
    many_keys()
    loop(function()
        tee.store.transaction(function(t)
            for i = 1, 1000 do t.put("key 0001", i) end
        end)
    end)
end
inputs["tee.store.transaction: large values"] = function(loop)
    tee.store.clear()
    local value = ("x"):rep(31 * K)
    loop(function()
        tee.store.transaction(function(t)
            for i = 1, 100 do t.put("key " .. i % 4, value) end
        end)
    end)
end
inputs["tee.store.transaction: reading"] = function(loop)
    many_keys()
    loop(function()
        tee.store.transaction(function(t)
            for _ = 1, 100 do t.get("key 1999") end
        end)
    end)
end
inputs["tee.store.transaction: pairs"] = function(loop)
    many_keys()
    loop(function()
        tee.store.transaction(function(t)
            for _ = 1, 10 do
                for _ in t.pairs() do end
            end
        end)
    end)
end
inputs["tee.store.clear"] = function(loop)
    loop(function()
        large_values()
        tee.store.clear()
    end)
end
inputs["tee.counter"] = function(loop)
    loop(function() for i = 1, 100 do tee.counter("c" .. i) end end)
end
inputs["counter:increment"] = function(loop)
    for i = 1, 32 do tee.counter("c" .. i):increment() end
    local c = tee.counter("c32")
    loop(function() c:increment() end)
end
inputs["counter:value"] = function(loop)
    local c = tee.counter("c1")
    loop(function() c:value() end)
end
inputs["counter:protection"] = function(loop)
    local c = tee.counter("c1")
    loop(function() c:protection() end)
end
inputs["counter:restart"] = function(loop)
    local c = tee.counter("c1")
    loop(function() pcall(c.restart, c, 1) end)
end

return inputs
