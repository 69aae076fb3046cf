-- SPDX-License-Identifier: BSD-2-Clause
-- Worst inputs of table, math and coroutine.
local shapes = require "shapes"
local K = shapes.K
local inputs = {}

inputs["table.concat: many"] = function(loop)
    local t = shapes.list(200000, "x")
    loop(function() table.concat(t, ", ") end)
end
inputs["table.concat: long strings"] = function(loop)
    local t = shapes.list(64, ("x"):rep(64 * K))
    loop(function() table.concat(t) end)
end
inputs["table.concat: floats"] = function(loop)
    local t = shapes.list(20000, 1 / 3)
    loop(function() table.concat(t) end)
end
inputs["table.concat: nothing, without end"] = function(loop)
    local t = setmetatable({}, {__index = function() return "" end})
    loop(function() table.concat(t, "", 1, 1 << 40) end)
end
inputs["table.insert: in front"] = function(loop)
    local t = shapes.list(200000)
    loop(function() table.insert(t, 1, 0) end)
end
inputs["table.insert: a wrong length"] = function(loop)
    local t = setmetatable({}, {__len = function() return 1 << 40 end})
    loop(function() table.insert(t, 1, 0) end)
end
inputs["table.move"] = function(loop)
    local t = shapes.list(200000)
    loop(function() table.move(t, 1, #t, 2) end)
end
inputs["table.move: nothing, without end"] = function(loop)
    loop(function() table.move({}, 1, 1 << 40, 2) end)
end
inputs["table.move: colliding keys"] = function(loop)
    local t = setmetatable({}, {__newindex = function() end})
    loop(function() table.move(t, 1, 100000, 1 << 40) end)
end
inputs["table.pack"] = function(loop)
    local t = shapes.list(60000)
    loop(function() table.pack(table.unpack(t)) end)
end
inputs["table.remove: in front"] = function(loop)
    local t = shapes.list(200000)
    loop(function()
        table.remove(t, 1)
        t[#t + 1] = 1
    end)
end
inputs["table.remove: a wrong length"] = function(loop)
    local t = setmetatable({}, {__len = function() return 1 << 40 end})
    loop(function() table.remove(t, 1) end)
end
inputs["table.sort: numbers"] = function(loop)
    local t = {}
    for i = 1, 100000 do t[i] = i * 7919 % 100003 end
    local copy = {}
    loop(function()
        table.move(t, 1, #t, 1, copy)
        table.sort(copy)
    end)
end
inputs["table.sort: organ pipes"] = function(loop)
    loop(function()
        local t = {}
        for i = 1, 50000 do
            t[i] = i
            t[100001 - i] = i
        end
        table.sort(t)
    end)
end
inputs["table.sort: long strings that are almost equal"] = function(loop)
    local t, common = {}, ("x"):rep(8 * K)
    for i = 1, 500 do t[i] = common .. i * 7919 % 1000 end
    local copy = {}
    loop(function()
        table.move(t, 1, #t, 1, copy)
        table.sort(copy)
    end)
end
inputs["table.sort: a comparison that makes no sense"] = function(loop)
    local t = shapes.list(100000)
    loop(function() pcall(table.sort, t, function() return true end) end)
end
inputs["table.sort: an adversary compares"] = function(loop)
    -- McIlroy's killer of quicksorts: values are fixed only when they are compared.
    loop(function()
        local n = 3000
        local t, value, solid, candidate = {}, {}, 0, 0
        for i = 1, n do
            t[i] = i
            value[i] = n
        end
        table.sort(t, function(a, b)
            if value[a] == n and value[b] == n then
                local which = a == candidate and a or b
                value[which] = solid
                solid = solid + 1
            end
            if value[a] == n then candidate = a elseif value[b] == n then candidate = b end
            return value[a] < value[b]
        end)
    end)
end
inputs["table.sort: a callback that does not return"] = function(loop)
    loop(function() table.sort({2, 1}, function() while true do end end) end)
end
inputs["table.unpack"] = function(loop)
    local t = shapes.list(90000)
    loop(function() table.unpack(t) end)
end
inputs["table.unpack: nothing"] = function(loop)
    loop(function() table.unpack({}, 1, 90000) end)
end

-- All functions of math take numbers only.
local numbers = {1e300, -1e300, 5e-324, 1 / 3, math.maxinteger, math.mininteger, 2, 1 / 0}
for name, f in pairs(math) do
    if type(f) == "function" then
        inputs["math." .. name] = function(loop)
            loop(function()
                for i = 1, 100 do
                    for _, n in ipairs(numbers) do pcall(f, n, i) end
                end
            end)
        end
    end
end
inputs["math.fmod: far apart"] = function(loop)
    loop(function() for _ = 1, 100 do math.fmod(1.7e308, 5e-324) end end)
end
inputs["math.max"] = function(loop)
    local t = shapes.list(60000)
    loop(function() math.max(table.unpack(t)) end)
end
inputs["math.min"] = function(loop)
    local t = shapes.list(60000, 1.5)
    loop(function() math.min(table.unpack(t)) end)
end
inputs["math.sin: large"] = function(loop)
    loop(function() for _ = 1, 1000 do math.sin(1.7e308) end end)
end
inputs["math.randomseed"] = function(loop)
    loop(function() for _ = 1, 100 do math.randomseed() end end)
end
inputs["math.tointeger: a long string"] = function(loop)
    local s = shapes.bytes(" ", 3 * K * K) .. "1"
    loop(function() math.tointeger(s) end)
end

inputs["coroutine.close: many <close> variables"] = function(loop)
    local closing = setmetatable({}, {__close = function() end})
    local function nest(n)
        local _ <close> = closing
        if n == 0 then coroutine.yield() else nest(n - 1) end
    end
    loop(function()
        local co = coroutine.create(nest)
        coroutine.resume(co, 180)
        coroutine.close(co)
    end)
end
inputs["coroutine.close: upvalues of a deep stack"] = function(loop)
    local function nest(n, keep)
        local a, b, c = n, n, n
        keep[#keep + 1] = function() return a, b, c end
        if n == 0 then coroutine.yield() else nest(n - 1, keep) end
    end
    loop(function()
        local co = coroutine.create(nest)
        coroutine.resume(co, 10000, {})
        coroutine.close(co)
    end)
end
inputs["coroutine.create"] = function(loop)
    loop(function() for _ = 1, 1000 do coroutine.create(print) end end)
end
inputs["coroutine.isyieldable"] = function(loop)
    loop(function() for _ = 1, 10000 do coroutine.isyieldable() end end)
end
inputs["coroutine.resume: many values"] = function(loop)
    local t = shapes.list(40000)
    local co = coroutine.create(function() while true do coroutine.yield() end end)
    loop(function() coroutine.resume(co, table.unpack(t)) end)
end
inputs["coroutine.resume: inside each other"] = function(loop)
    local function nest(n) if n > 0 then coroutine.wrap(nest)(n - 1) end end
    loop(function() nest(150) end)
end
inputs["coroutine.resume: an error through coroutines"] = function(loop)
    local function nest(n) if n > 0 then coroutine.wrap(nest)(n - 1) else error("x") end end
    loop(function() pcall(nest, 150) end)
end
inputs["coroutine.running"] = function(loop)
    loop(function() for _ = 1, 10000 do coroutine.running() end end)
end
inputs["coroutine.status"] = function(loop)
    local co = coroutine.create(print)
    loop(function() for _ = 1, 10000 do coroutine.status(co) end end)
end
inputs["coroutine.wrap: back and forth"] = function(loop)
    local co = coroutine.wrap(function() while true do coroutine.yield() end end)
    loop(function() for _ = 1, 1000 do co() end end)
end
inputs["coroutine.yield: many values"] = function(loop)
    local t = shapes.list(40000)
    local co = coroutine.wrap(function() while true do coroutine.yield(table.unpack(t)) end end)
    loop(function() co() end)
end
inputs["coroutine.yield: endless, inside each other"] = function(loop)
    local function nest(n)
        if n > 0 then return nest(n - 1) end
        while true do coroutine.yield() end
    end
    local co = coroutine.wrap(function() nest(10) end)
    for _ = 1, 100 do
        local inner = co
        co = coroutine.wrap(function() while true do inner() coroutine.yield() end end)
    end
    loop(function() co() end)
end

return inputs
