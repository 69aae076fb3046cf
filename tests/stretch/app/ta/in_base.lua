-- SPDX-License-Identifier: BSD-2-Clause
-- Worst inputs of the base library.
local shapes = require "shapes"
local K, M = shapes.K, shapes.M
local inputs = {}

local function deep(n, f)
    if n == 0 then return f() end
    return (deep(n - 1, f))
end

inputs["assert"] = function(loop)
    local t = shapes.list(60000)
    loop(function() assert(table.unpack(t)) end)
end
inputs["assert: a long message"] = function(loop)
    local message = shapes.bytes("x", M)
    loop(function() pcall(assert, false, message) end)
end
inputs["collectgarbage: a full heap of tables"] = function(loop)
    local keep = shapes.small_objects(40000)
    loop(function() collectgarbage() return keep end)
end
inputs["collectgarbage: a full heap of garbage"] = function(loop)
    local keep
    loop(function()
        keep = nil
        keep = shapes.small_objects(30000)
        collectgarbage("collect")
    end)
    return keep
end
inputs["collectgarbage: long lists of weak tables"] = function(loop)
    local keep = {}
    for i = 1, 20000 do keep[i] = setmetatable({{}, i}, {__mode = i % 2 == 0 and "k" or "v"}) end
    loop(function() collectgarbage("collect") return keep end)
end
inputs["collectgarbage: a chain of ephemerons"] = function(loop)
    local weak = setmetatable({}, {__mode = "k"})
    local first = {}
    local key = first
    for _ = 1, 20000 do
        local value = {}
        weak[key] = value
        key = value
    end
    loop(function() collectgarbage("collect") return first, weak end)
end
inputs["collectgarbage: ephemerons in many tables"] = function(loop)
    local keep, first = {}, {}
    local key = first
    for i = 1, 5000 do
        local value = {}
        keep[i] = setmetatable({[key] = value}, {__mode = "k"})
        key = value
    end
    loop(function() collectgarbage("collect") return first, keep end)
end
inputs["collectgarbage: one huge table"] = function(loop)
    local keep = {}
    for i = 1, 130000 do keep[-i] = false end
    loop(function() collectgarbage("collect") return keep end)
end
inputs["collectgarbage: coroutines with deep stacks"] = function(loop)
    local keep = {}
    for i = 1, 50 do
        keep[i] = coroutine.wrap(function(...) coroutine.yield() return ... end)
        keep[i](table.unpack({}, 1, 4000))
    end
    loop(function() collectgarbage("collect") return keep end)
end
inputs["collectgarbage: step"] = function(loop)
    local keep = shapes.small_objects(40000)
    loop(function() collectgarbage("step", 1 << 30) return keep end)
end
inputs["collectgarbage: count"] = function(loop)
    loop(function() for _ = 1, 10000 do collectgarbage("count") end end)
end
inputs["error: caught, over and over"] = function(loop)
    loop(function() for _ = 1, 1000 do pcall(error) end end)
end
inputs["error: from deep inside"] = function(loop)
    loop(function() pcall(deep, 150, error) end)
end
inputs["error: with a position, a long message"] = function(loop)
    local message = shapes.bytes("x", M)
    loop(function() pcall(function() error(message, 1) end) end)
end
inputs["error: a stack overflow"] = function(loop)
    local function f() return 1 + f() end
    loop(function() pcall(f) end)
end
inputs["getmetatable"] = function(loop)
    local t = setmetatable({}, {__metatable = false})
    loop(function() for _ = 1, 10000 do getmetatable(t) end end)
end
inputs["ipairs"] = function(loop)
    local t = shapes.list(100000)
    loop(function() for _ in ipairs(t) do end end)
end
inputs["next: a table that was emptied"] = function(loop)
    local t = shapes.emptied(60000)
    loop(function() for _ = 1, 10 do next(t) end end)
end
inputs["next: colliding keys"] = function(loop)
    local t = {}
    for _, key in ipairs(shapes.colliding_floats(3000)) do t[key] = true end
    loop(function() for _ in next, t do end end)
end
inputs["pairs"] = function(loop)
    local t = {}
    for i = 1, 60000 do t[-i] = true end
    loop(function() for _ in pairs(t) do end end)
end
inputs["pcall: a chain with many arguments"] = function(loop)
    local t = shapes.list(180, pcall)
    t[181] = function() end
    for i = 1, 40000 do t[181 + i] = i end
    local function go(...) pcall(...) end
    loop(function() go(table.unpack(t)) end)
end
inputs["pcall: many arguments"] = function(loop)
    local t = shapes.list(60000)
    local function f() end
    loop(function() pcall(f, table.unpack(t)) end)
end
inputs["print: a long line"] = function(loop)
    local line = shapes.bytes("x", M)
    loop(function() print(line) end)
end
inputs["print: short lines"] = function(loop)
    local line = ("x"):rep(250)
    loop(function() for _ = 1, 100 do print(line) end end)
end
inputs["print: empty lines"] = function(loop)
    loop(function() for _ = 1, 1000 do print() end end)
end
inputs["rawequal"] = function(loop)
    local a, b = shapes.bytes("x", 2 * M) .. "a", shapes.bytes("x", 2 * M) .. "b"
    loop(function() rawequal(a, b) end)
end
inputs["rawget"] = function(loop)
    local t = {}
    for _, key in ipairs(shapes.colliding_floats(3000)) do t[key] = true end
    local absent = 65536.25
    loop(function() for _ = 1, 100 do rawget(t, absent) end end)
end
inputs["rawlen"] = function(loop)
    local t = {}
    for i = 1, 60000 do t[i] = i end
    for i = 30000, 60000 do t[i] = nil end
    loop(function() for _ = 1, 1000 do rawlen(t) end end)
end
inputs["rawset: growing"] = function(loop)
    loop(function()
        local t = {}
        for i = 1, 60000 do rawset(t, -i, i) end
    end)
end
inputs["require"] = function(loop)
    loop(function() for _ = 1, 1000 do require "shapes" end end)
end
inputs["require: the standard library"] = function(loop)
    loop(function() for _ = 1, 1000 do pcall(require, "string") end end)
end
inputs["select: all of many"] = function(loop)
    local t = shapes.list(60000)
    loop(function() select(1, table.unpack(t)) end)
end
inputs["select: the last of many"] = function(loop)
    local function f(...) for _ = 1, 100 do select(-1, ...) end end
    local t = shapes.list(40000)
    loop(function() f(table.unpack(t)) end)
end
inputs["setmetatable"] = function(loop)
    local meta = {}
    loop(function() for _ = 1, 10000 do setmetatable({}, meta) end end)
end
inputs["tonumber: a long string of digits"] = function(loop)
    local text = shapes.bytes("9", 3 * M)
    loop(function() tonumber(text) end)
end
inputs["tonumber: a long fraction"] = function(loop)
    local text = "0." .. ("123456789"):rep(20) .. "e-300"
    loop(function() for _ = 1, 100 do tonumber(text) end end)
end
inputs["tonumber: a long hexadecimal float"] = function(loop)
    local text = "0x" .. shapes.bytes("f", 3 * M) .. "p-1"
    loop(function() tonumber(text) end)
end
inputs["tonumber: spaces"] = function(loop)
    local text = shapes.bytes(" ", 3 * M) .. "1"
    loop(function() tonumber(text) end)
end
inputs["tonumber: a base"] = function(loop)
    local text = shapes.bytes("z", 3 * M)
    loop(function() tonumber(text, 36) end)
end
inputs["tostring: floats"] = function(loop)
    loop(function() for i = 1, 1000 do tostring(i + 1e-300) end end)
end
inputs["tostring: tables"] = function(loop)
    loop(function() for _ = 1, 1000 do tostring({}) end end)
end
inputs["tostring: a long name"] = function(loop)
    local t = setmetatable({}, {__name = shapes.bytes("x", M)})
    loop(function() tostring(t) end)
end
inputs["type"] = function(loop)
    loop(function() for _ = 1, 10000 do type(1) end end)
end
inputs["warn"] = function(loop)
    local line = ("x"):rep(250)
    warn("@on")
    loop(function() for _ = 1, 100 do warn(line, line) end end)
end
inputs["warn: pieces without end"] = function(loop)
    local t = shapes.list(60000, "x")
    loop(function() warn(table.unpack(t)) end)
end
inputs["xpcall: a handler at the end of the stack"] = function(loop)
    local function f() return 1 + f() end
    loop(function() xpcall(f, function(e) return #tostring(e) end) end)
end
inputs["xpcall: errors in the handler"] = function(loop)
    loop(function() xpcall(error, function() error() end) end)
end
inputs["xpcall: many arguments"] = function(loop)
    local t = shapes.list(60000)
    local function f() end
    loop(function() xpcall(f, f, table.unpack(t)) end)
end

-- make returns the source.
local function chunk(make)
    return function(loop)
        local source = make()
        loop(function() load(source) end)
    end
end
inputs["load: many constants"] = chunk(function() return shapes.source("return {", "%d.5,", 60000, "}") end)
inputs["load: colliding constants"] = function(loop)
    local parts = {}
    for i, key in ipairs(shapes.colliding_integers(16, 33000)) do parts[i] = key end
    local source = "return {" .. table.concat(parts, ",") .. "}"
    parts = nil
    loop(function() load(source) return parts end)
end
inputs["load: colliding floats"] = function(loop)
    local source = "return {" .. table.concat(shapes.colliding_floats(60000), ",") .. "}"
    loop(function() load(source) end)
end
inputs["load: colliding names"] = chunk(function() return shapes.source("return {", "a%d=1,", 60000, "}") end)
inputs["load: a long string"] = function(loop)
    local source = "return '" .. shapes.bytes("x", 2 * M) .. "'"
    loop(function() load(source) end)
end
inputs["load: a long comment"] = function(loop)
    local source = "--[[" .. shapes.bytes("x", 2 * M) .. "]]"
    loop(function() load(source) end)
end
inputs["load: a long comment of lines"] = function(loop)
    local source = shapes.bytes("\n", 3 * M)
    loop(function() load(source) end)
end
inputs["load: a long numeral"] = function(loop)
    local source = "return " .. shapes.bytes("9", 2 * M)
    loop(function() load(source) end)
end
inputs["load: a long name"] = function(loop)
    local source = "return " .. shapes.bytes("x", 2 * M)
    loop(function() load(source) end)
end
inputs["load: labels"] = chunk(function() return shapes.source("", "::a%d:: x=1 ", 32000, "") end)
inputs["load: gotos to one label"] = chunk(function() return shapes.source("", "goto e ", 32000, "::e::") end)
inputs["load: gotos in blocks"] = chunk(function() return shapes.source("", "do goto e end ", 32000, "::e::") end)
inputs["load: gotos without a label, blocks around"] = chunk(function()
    return ("do "):rep(150) .. ("goto e "):rep(30000) .. ("end "):rep(150) .. "::e::"
end)
inputs["load: gotos and labels"] = chunk(function()
    return shapes.source("", "goto e ", 16000, "") .. shapes.source("", "::a%d:: x=1 ", 16000, "::e::")
end)
inputs["load: a chain of and"] = chunk(function() return "local a return " .. ("a and "):rep(100000) .. "a" end)
inputs["load: a chain of or"] = chunk(function() return "local a return " .. ("a or "):rep(100000) .. "a" end)
inputs["load: a chain of elseif"] = chunk(function()
    return "local a if a then " .. ("elseif a then "):rep(60000) .. "end"
end)
inputs["load: a chain of concatenations"] = chunk(function()
    return "local a = 1 return " .. ("a .. "):rep(180) .. "a"
end)
inputs["load: breaks"] = chunk(function() return "while true do " .. ("if a then break end "):rep(30000) .. "end" end)
inputs["load: names that all functions around look for"] = function(loop)
    local names = {}
    for i = 1, 195 do names[i] = "a" .. i end
    local before = "local " .. table.concat(names, ",") .. " "
    local parts = {}
    for i = 1, 60 do parts[i] = before .. "return function() " end
    local source = table.concat(parts) .. ("x=x "):rep(5000) .. ("end "):rep(60)
    loop(function() load(source) end)
end
inputs["load: upvalues"] = function(loop)
    local names = {}
    for i = 1, 195 do names[i] = "a" .. i end
    local source = "local " .. table.concat(names, ",") .. " return function() return function() " ..
        ("a195=a1 "):rep(60000) .. "end end"
    loop(function() load("local x " .. source) end)
end
inputs["load: many small functions"] = chunk(function()
    return "local x " .. ("function f() return x end "):rep(20000)
end)
inputs["load: deep expressions"] = function(loop)
    local source = "return " .. ("("):rep(150) .. "1" .. (")"):rep(150)
    loop(function() for _ = 1, 100 do load(source) end end)
end
inputs["load: locals in blocks"] = function(loop)
    local names = {}
    for i = 1, 190 do names[i] = "a" .. i end
    local source = ("do local " .. table.concat(names, ",") .. " end "):rep(1000)
    loop(function() load(source) end)
end
inputs["load: pieces"] = function(loop)
    loop(function()
        local n = 0
        load(function()
            n = n + 1
            return n < 100000 and " " or nil
        end)
    end)
end
inputs["load: a syntax error with a long text"] = function(loop)
    local source = "x = '" .. shapes.bytes("x", 2 * M)
    loop(function() load(source) end)
end
inputs["load: a long chunk name"] = function(loop)
    local name = shapes.bytes("x", 3 * M)
    loop(function() load("x", name) end)
end
inputs["load: little garbage of K"] = function(loop)
    local source = "x = " .. ("1+"):rep(K) .. "1"
    loop(function() for _ = 1, 100 do load(source) end end)
end

return inputs
