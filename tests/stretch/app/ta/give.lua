-- SPDX-License-Identifier: BSD-2-Clause
-- Returns what is named, for results that are expensive to encode; or raises it.
local shapes = require "shapes"
local what, raise = ...

local makes = {}
makes["a long string"] = function() return shapes.bytes("x", 3 * shapes.M) end
makes["a list"] = function() return shapes.list(200000, 1) end
makes["small tables"] = function()
    local t = {}
    for i = 1, 40000 do t[i] = {} end
    return t
end
makes["a map of strings"] = function()
    local t = {}
    for i = 1, 30000 do t["key " .. i] = i end
    return t
end
makes["a table that was emptied"] = function() return shapes.emptied(130000) end
makes["the same tables over and over"] = function()
    local t = {}
    for _ = 1, 40 do t = {t, t} end
    return t
end
makes["functions"] = function()
    local t = {}
    for i = 1, 4000 do t[i] = function() return i end end
    return t
end
makes["many values"] = function() return table.unpack(shapes.list(32000)) end

local function finish(...)
    tee.fuel("begin")
    if raise then error((...), 0) end
    return ...
end

return finish(makes[what]())
