-- SPDX-License-Identifier: BSD-2-Clause
-- Worst inputs of what crosses between the worlds, where the trusted side begins.
local shapes = require "shapes"
local M = shapes.M
local inputs = {}

-- The host exports "take", which returns nothing, and "give", which returns what is wanted.
local function take(make)
    return function(loop)
        local value = make()
        loop(function() tee.host.take(value) end)
    end
end
inputs["tee.host: a long string"] = take(function() return shapes.bytes("x", 2 * M) end)
inputs["tee.host: a list"] = take(function() return shapes.list(200000, 1) end)
inputs["tee.host: small tables"] = take(function()
    local t = {}
    for i = 1, 30000 do t[i] = {} end
    return t
end)
inputs["tee.host: a table that was emptied"] = take(function() return shapes.emptied(130000) end)
inputs["tee.host: the same tables over and over"] = function(loop)
    local t = {}
    for _ = 1, 40 do t = {t, t} end
    loop(function() pcall(tee.host.take, t) end)
end
inputs["tee.host: many arguments"] = function(loop)
    local t = shapes.list(32000)
    loop(function() tee.host.take(table.unpack(t)) end)
end
inputs["tee.host: functions"] = take(function()
    local t = {}
    for i = 1, 4000 do t[i] = function() return i end end
    return t
end)
inputs["tee.host: nothing"] = function(loop)
    loop(function() for _ = 1, 10 do tee.host.take() end end)
end
for _, what in ipairs {"string", "list", "tables", "maps", "strings", "colliding", "values", "functions"} do
    inputs["tee.host: gives " .. what] = function(loop)
        loop(function() tee.host.give(what) end)
    end
end

return inputs
