-- SPDX-License-Identifier: BSD-2-Clause
-- Worst inputs of the VM's instructions that do not take the same time always, and of what it does besides: growing tables,
-- collecting garbage, calling metamethods.
local shapes = require "shapes"
local K, M = shapes.K, shapes.M
local inputs = {}

local function list(text, count, separator)
    local parts = {}
    for i = 1, count do parts[i] = (text:gsub("%%d", tostring(i))) end
    return table.concat(parts, separator or ",")
end

-- A loop of `count` rounds over the statements in body, after the statements in before.
local function rounds(body, before, count)
    return function(loop)
        loop(assert(load((before or "") .. " for i = 1, " .. (count or 1000) .. " do " .. body .. " end")))
    end
end

inputs["OP_LOADNIL"] = rounds("local " .. list("a%d", 190))
inputs["OP_CLOSURE: many variables"] = rounds("local f = function() return " .. list("a%d", 190) .. " end", "local " .. list("a%d", 190), 100)
inputs["OP_CLOSURE: fresh variables"] =
    rounds("local " .. list("a%d", 190) .. " local f = function() return " .. list("a%d", 190) .. " end", "", 100)
inputs["OP_CLOSURE: upvalues of a deep stack"] = function(loop)
    -- The list of open upvalues is walked from its top.
    local function nest(n)
        local a = n
        local f = function() return a end
        if n > 0 then return nest(n - 1), f end
        loop(function() for _ = 1, 100 do local g = function() return f, a end g() end end)
    end
    nest(150)
end
inputs["OP_CLOSURE: a variable below many open ones"] = function(loop)
    local names = list("a%d", 180)
    local source = "local bottom, " .. names .. " local keep = function() return " .. names .. " end " ..
        "return function() end, function(loop) end"
    loop(assert(load("local bottom, " .. names .. " local keep = function() return " .. names ..
        " end for i = 1, 1000 do local f = function() return bottom end end return " .. #source)))
end
inputs["OP_CONCAT: many integers"] = rounds("local s = " .. list("a%d", 120, ".."), "local " .. list("a%d", 120) .. " = " .. list("%d", 120), 100)
inputs["OP_CONCAT: many floats"] = rounds("local s = " .. list("a%d", 120, ".."), "local " .. list("a%d", 120) .. " = " .. list("%d/3", 120), 100)
inputs["OP_CONCAT: a growing string"] = rounds("s = s .. 'x'", "local s = ('x'):rep(200000)", 100)
inputs["OP_CONCAT: short strings"] = rounds("local s = 'x' .. i", "", 10000)
inputs["OP_CONCAT: long strings"] = function(loop)
    local s = shapes.bytes("x", M)
    loop(function() return s .. s end)
end
inputs["OP_CONCAT: metamethods"] =
    rounds("local s = " .. list("a", 190, ".."), "local a = setmetatable({}, {__concat = function(x) return x end})", 100)
inputs["OP_SETLIST"] = function(loop)
    local t = shapes.list(60000)
    loop(function() return {table.unpack(t)} end)
end
inputs["OP_NEWTABLE: with places"] = rounds("local t = {" .. list("nil", 200) .. "}")
inputs["OP_NEWTABLE: small"] = rounds("local t = {i}", "", 10000)
inputs["OP_NEWTABLE: empty"] = rounds("local t = {}", "", 10000)
inputs["OP_NEWTABLE: with fields"] = rounds("local t = {a = 1, b = 2, c = 3, d = 4}", "", 10000)
inputs["OP_SETTABLE: growing, many small tables"] = rounds("local t = {} for j = 1, 5 do t[j] = j end", "", 1000)
inputs["OP_SETTABLE: growing, one large table"] = rounds("t[-i] = i", "local t = {}", 120000)
inputs["OP_SETTABLE: growing, a large array"] = rounds("t[i] = i", "local t = {}", 260000)
inputs["OP_SETTABLE: keys that go and come"] = rounds("t[i] = i t[i - 1000] = nil", "local t = {}", 30000)
inputs["OP_SETTABLE: keys that go and come, in a large table"] = function(loop)
    local t = {}
    for i = 1, 65536 do t["k" .. i] = true end
    local i = 0
    loop(function()
        -- Each new key finds no free place: the table is hashed anew.
        i = i + 1
        t["k" .. i] = nil
        t["n" .. i] = true
        return t
    end)
end
inputs["OP_SETTABLE: integers that collide after a rehash"] = function(loop)
    local keys = shapes.colliding_integers(16, 32769)
    loop(function()
        local t = {}
        for i = 1, #keys do t[keys[i]] = true end
        return t
    end)
end
inputs["OP_SETTABLE: integers that collide, in a smaller table"] = function(loop)
    local keys = shapes.colliding_integers(12, 2049)
    loop(function()
        local t = {}
        for i = 1, #keys do t[keys[i]] = true end
        return t
    end)
end
inputs["OP_SETTABLE: floats that collide"] = function(loop)
    local keys = shapes.colliding_floats(16000)
    loop(function()
        local t = {}
        for i = 1, #keys do t[keys[i]] = true end
        return t
    end)
end
inputs["OP_SETTABLE: long strings as keys"] = function(loop)
    local i, tail = 0, shapes.bytes("x", M)
    local t = {}
    loop(function()
        i = i + 1
        t[i .. tail] = nil
        return t
    end)
end
inputs["OP_SETTABLE: pairs of floats and integers"] = rounds("t[i + 0.0] = i", "local t = {}", 100000)
inputs["OP_SETTABUP"] = rounds("a = i", "", 10000)
inputs["OP_SETFIELD"] = rounds("t.a = i t.b = i", "local t = {}", 10000)
inputs["OP_SETFIELD: many names"] = rounds("local t = {} " .. list("t.a%d = 1", 200, " "), "", 100)
inputs["OP_SETI"] = rounds("t[1] = i", "local t = {}", 10000)
inputs["OP_GETTABUP"] = rounds("local x = absent", "", 10000)
inputs["OP_GETTABLE: floats that collide"] = function(loop)
    local t = {}
    for _, key in ipairs(shapes.colliding_floats(3000)) do t[key] = true end
    loop(function() for _ = 1, 100 do local _ = t[65536.25] end end)
end
inputs["OP_GETTABLE: a chain of __index"] = function(loop)
    local t = {}
    for _ = 1, 1900 do t = setmetatable({}, {__index = t}) end
    loop(function() for _ = 1, 100 do local _ = t.x end end)
end
inputs["OP_SETTABLE: a chain of __newindex"] = function(loop)
    local t = {}
    for _ = 1, 1900 do t = setmetatable({}, {__newindex = t}) end
    loop(function() for _ = 1, 100 do t.x = nil end end)
end
inputs["OP_GETFIELD"] = rounds("local x = t.a", "local t = {a = 1}", 10000)
inputs["OP_GETI"] = rounds("local x = t[1]", "local t = {1}", 10000)
inputs["OP_SELF"] = rounds("s:len()", "local s = 'x'", 10000)
inputs["OP_CALL: many arguments"] = function(loop)
    local function f() end
    local t = shapes.list(60000)
    loop(function() f(table.unpack(t)) end)
end
inputs["OP_CALL: __call around __call"] = function(loop)
    local f = function() end
    for _ = 1, 190 do f = setmetatable({}, {__call = f}) end
    loop(function() for _ = 1, 10 do pcall(f) end end)
end
inputs["OP_CALL: __call with many arguments"] = function(loop)
    local f = setmetatable({}, {__call = function() end})
    local t = shapes.list(60000)
    loop(function() f(table.unpack(t)) end)
end
inputs["OP_CALL: functions of many registers"] = function(loop)
    local f = assert(load("local " .. list("a%d", 190)))
    loop(function() for _ = 1, 1000 do f() end end)
end
inputs["OP_CALL: many parameters"] = function(loop)
    local f = assert(load("return function(" .. list("a%d", 190) .. ") end"))()
    loop(function() for _ = 1, 1000 do f() end end)
end
inputs["OP_CALL: small functions"] = rounds("f()", "local function f() end", 10000)
inputs["OP_CALL: recursion to the limit"] = function(loop)
    local function f(n) if n > 0 then f(n - 1) end end
    loop(function() pcall(f, 15000) end)
end
inputs["OP_TAILCALL: many arguments"] = function(loop)
    local function f(n, ...)
        if n > 0 then return f(n - 1, ...) end
    end
    local t = shapes.list(40000)
    loop(function() f(100, table.unpack(t)) end)
end
inputs["OP_RETURN: many values"] = function(loop)
    local function f(...) return ... end
    local t = shapes.list(40000)
    loop(function() return f(table.unpack(t)) end)
end
inputs["OP_RETURN: with variables to close"] = function(loop)
    local closing = setmetatable({}, {__close = function() end})
    local function f(...)
        local _ <close> = closing
        return ...
    end
    local t = shapes.list(20000)
    loop(function() return f(table.unpack(t)) end)
end
inputs["OP_VARARG: many values"] = function(loop)
    local function f(...) for _ = 1, 100 do local _ = (select("#", ...)) end end
    local t = shapes.list(40000)
    loop(function() f(table.unpack(t)) end)
end
inputs["OP_VARARG: many names"] = function(loop)
    local f = assert(load("for i = 1, 1000 do local " .. list("a%d", 190) .. " = ... end"))
    loop(f)
end
inputs["OP_VARARGPREP: many arguments"] = function(loop)
    local function f(...) return (...) end
    local t = shapes.list(60000)
    loop(function() f(table.unpack(t)) end)
end
inputs["OP_LEN: a border to look for"] = function(loop)
    local t = {}
    for i = 1, 60000 do t[i] = i end
    for i = 30000, 60000 do t[i] = nil end
    loop(function() for _ = 1, 1000 do local _ = #t end end)
end
inputs["OP_LEN: a border in the hash part"] = function(loop)
    local t = {}
    for i = 0, 40 do t[1 << i] = true end
    loop(function() for _ = 1, 1000 do local _ = #t end end)
end
inputs["OP_EQ: long strings"] = function(loop)
    local a, b = shapes.bytes("x", 2 * M) .. "a", shapes.bytes("x", 2 * M) .. "b"
    loop(function() return a == b end)
end
inputs["OP_EQ: metamethods"] = rounds("local x = a == b", [[
    local m = {__eq = function() return true end}
    local a, b = setmetatable({}, m), setmetatable({}, m)]])
inputs["OP_EQK: long strings"] = function(loop)
    local f = assert(load("local a = ... return a == '" .. ("x"):rep(100 * K) .. "'"))
    local a = ("x"):rep(100 * K - 1) .. "a"
    loop(function() for _ = 1, 10 do f(a) end end)
end
inputs["OP_LT: long strings"] = function(loop)
    local a, b = shapes.bytes("x", 2 * M) .. "a", shapes.bytes("x", 2 * M) .. "b"
    loop(function() return a < b end)
end
inputs["OP_LT: strings of zeros"] = function(loop)
    local a, b = shapes.bytes("\0", 2 * M) .. "a", shapes.bytes("\0", 2 * M) .. "b"
    loop(function() return a < b end)
end
inputs["OP_LE: long strings"] = function(loop)
    local a, b = shapes.bytes("x", 2 * M) .. "a", shapes.bytes("x", 2 * M) .. "b"
    loop(function() return a <= b end)
end
inputs["OP_FORPREP"] = rounds("for j = 1, 0 do end", "", 10000)
inputs["OP_FORPREP: a long string"] = function(loop)
    local s = shapes.bytes(" ", 3 * M) .. "1"
    loop(function() pcall(function() for _ = 1, s do end end) end)
end
inputs["OP_TFORCALL"] = rounds("for _ in next, t do end", "local t = {1, 2, 3}", 1000)
inputs["OP_ADD: a long string"] = function(loop)
    local s = shapes.bytes(" ", 3 * M) .. "1"
    loop(function() return s + 1 end)
end
inputs["OP_BAND: a long string"] = function(loop)
    local s = shapes.bytes(" ", 3 * M) .. "1"
    loop(function() return pcall(function() return s & 1 end) end)
end
inputs["OP_UNM: a long string"] = function(loop)
    local s = shapes.bytes(" ", 3 * M) .. "1"
    loop(function() return -s end)
end
inputs["OP_ADD: short strings"] = rounds("local x = '0x1p-1000' + '1e300'", "", 1000)
inputs["OP_POW"] = rounds("local x = a ^ b", "local a, b = 1.0000001, 1e9", 10000)
inputs["OP_MOD: far apart"] = rounds("local x = a % b", "local a, b = 1.7e308, 5e-324", 100)
inputs["OP_IDIV"] = rounds("local x = a // b", "local a, b = 1.7e308, 3.3", 10000)
inputs["OP_DIV"] = rounds("local x = a / b", "local a, b = 5e-324, 3.3", 10000)
inputs["OP_CLOSE: many open variables"] = function(loop)
    local f = assert(load("for i = 1, 100 do local " .. list("a%d", 190) .. " local f = function() return " ..
        list("a%d", 190) .. " end end"))
    loop(f)
end
inputs["OP_TBC: many variables to close"] = function(loop)
    local closing = setmetatable({}, {__close = function() end})
    loop(assert(load("local closing = ... return function() " .. ("local _ <close> = closing "):rep(180) .. "end"))(closing))
end
inputs["OP_TBC: far apart in the stack"] = function(loop)
    local closing = setmetatable({}, {__close = function() end})
    local t = shapes.list(40000)
    local function f(...)
        local _ <close> = closing
        return select("#", ...)
    end
    loop(function() f(table.unpack(t)) end)
end
inputs["collector: strings of a few KiB"] = rounds("local s = ('x'):rep(3000 + i)", "", 100)
inputs["collector: small tables while the heap is full"] = function(loop)
    local keep = shapes.small_objects(50000)
    loop(function()
        for i = 1, 10000 do local _ = {i} end
        return keep
    end)
end
inputs["collector: strings while the heap is full"] = function(loop)
    local keep = shapes.small_objects(50000)
    loop(function()
        for i = 1, 10000 do local _ = "x" .. i end
        return keep
    end)
end
inputs["collector: closures"] = rounds("local f = function() return i end", "", 10000)
inputs["collector: coroutines"] = rounds("coroutine.wrap(function() coroutine.yield() end)()", "", 100)
inputs["collector: out of memory, over and over"] = function(loop)
    local keep = shapes.small_objects(60000)
    loop(function()
        pcall(string.rep, "x", 11 * M)
        return keep
    end)
end
inputs["collector: one large table of weak values"] = function(loop)
    local weak = setmetatable({}, {__mode = "v"})
    for i = 1, 60000 do weak[i] = {} end
    loop(function()
        for i = 1, 10000 do weak[i] = {i} end
    end)
end

return inputs
