-- SPDX-License-Identifier: BSD-2-Clause
-- Values that take more time to send than to make. Nothing of it is sent: the host exports no function `x`.
local cases = require "cases"

local function doubled(depth) local t = {} for _ = 1, depth do t = {t, t} end return t end
local function chain(depth) local t = {} for _ = 1, depth do t = {t} end return t end

local function list(count, value) local t = {} for i = 1, count do t[i] = value end return t end

-- A table whose places are empty, but for one.
local function sparse()
    local t = {}
    for i = 1, 10000 do t["k" .. i] = i end
    for i = 1, 9999 do t["k" .. i] = nil end
    return t
end

local function forever(value) return function() while true do pcall(tee.host.x, value) end end end

local deep = chain(60)

return cases((...), {
    {"a table of tables that are there twice", "out of fuel", function() pcall(tee.host.x, doubled(24)) return 1 end},
    {"again and again", "out of fuel", forever(doubled(12))},
    {"a result", "out of fuel", function() return doubled(24) end},
    {"an error value", "out of fuel", function() error(doubled(24)) end},
    {"deep tables, and then what cannot cross", "out of fuel", function()
        local t = list(2000, {deep, deep, deep, deep})
        t[#t + 1] = coroutine.create(print)
        forever(t)()
    end},
    {"long lists", "out of fuel", forever(list(2000, list(1000, true)))},
    {"long strings", "out of fuel", forever(list(200, ("x"):rep(20000)))},
    {"many maps", "out of fuel", forever(list(2000, {a = 1, b = 2, c = 3, d = 4, e = 5}))},
    {"empty places", "out of fuel", forever(list(500, sparse()))},
    {"a stored value", "out of fuel", function()
        local t = doubled(24)
        while true do pcall(tee.store.put, "k", t) end
    end},
    {"callbacks that are not called", "out of fuel|at the same time", function()
        local f = {}
        for i = 1, 3000 do f[i] = function() return i end end
        forever(list(100, f))()
    end},
})
