-- SPDX-License-Identifier: BSD-2-Clause
-- What a trusted script sees: an allow-list, and nothing else.

local test = require "test"
local case, equal, raises = test.case, test.equal, test.raises

-- The libraries, and what stock Lua has in them and the TEE must not have.
local libraries = {
    string = {dump = true},
    table = {}, math = {}, coroutine = {}, utf8 = {},
}

for name, not_there in pairs(libraries) do
    case(name .. " is stock Lua's, function by function", function()
        local expected = {}
        for key, value in pairs(_G[name]) do
            if not not_there[key] then expected[key] = type(value) end
        end
        equal(test.tee("local out = {} for k, v in pairs(_G[...]) do out[k] = type(v) end return out", name), expected)
    end)
end

case("the globals are the allow-list", function()
    local expected = {tee = "table", internal_TA_call = "function"}
    for name, value in pairs(_G) do expected[name] = type(value) end
    for _, name in ipairs {"io", "os", "debug", "package", "dofile", "loadfile", "TA_call", "arg"} do
        expected[name] = nil
    end
    local seen = test.tee("local out = {} for k, v in pairs(_G) do out[k] = type(v) end return out")
    equal(seen, expected)
end)

for _, name in ipairs {
    "io", "os", "debug", "package", "dofile", "loadfile", "string.dump", "TA_call", "arg",
} do
    case(name .. " is not there", function() equal(test.tee("return " .. name), nil) end)
end

case("_G is the script's globals", function()
    equal(test.tee("x = 1; return _G.x, _G == _ENV, _G._G == _G"), 1)
    equal(test.tee("return _G == _ENV and _G._G == _G"), true)
end)

case("_VERSION", function() equal(test.tee("return _VERSION"), _VERSION) end)

case("load compiles text", function()
    equal(test.tee("return load('return 1 + ...')(2)"), 3)
    equal(test.tee([[
        local parts, i = {'return ', '4', '2'}, 0
        return load(function() i = i + 1 return parts[i] end)()]]), 42)
    equal(test.tee("return load('return x', '=c', 't', {x = 5})()"), 5)
end)

case("load without an environment sees the script's globals", function()
    equal(test.tee("y = 7; return load('return y')()"), 7)
    equal(test.tee("load('z = 8')(); return z"), 8)
end)

case("load returns nil and a message for a syntax error", function()
    test.results(table.pack(test.tee("return load('x = = 1', '=chunk')")), nil, select(2, load("x = = 1", "=chunk")))
end)

local bytecode = string.dump(load("return 42"))

for _, mode in ipairs {"nil", "'b'", "'bt'", "'t'", "''"} do
    case("load refuses bytecode, mode " .. mode, function()
        local f, e = test.tee("local f, e = load(..., '=b', " .. mode .. ") return f and 'loaded', e", bytecode)
        equal(f, nil)
        equal(type(e), "string")
    end)
end

case("load refuses bytecode from a function", function()
    equal(test.tee([[
        local code, done = ..., false
        return (load(function() if not done then done = true return code end end, '=b', 'b'))]], bytecode), nil)
end)

case("load refuses bytecode that comes in pieces", function()
    equal(test.tee([[
        local code, i = ..., 0
        return (load(function() i = i + 1 return i <= #code and code:sub(i, i) or nil end, '=b'))]], bytecode), nil)
end)

case("a metatable with __gc is refused", function()
    test.raises_text("__gc", test.tee, "setmetatable({}, {__gc = function() end})")
    test.raises_text("__gc", test.tee, "setmetatable({}, {__gc = true})")
end)

case("__gc put in later never runs", function()
    equal(test.tee([[
        local ran = false
        for i = 1, 100 do
            local metatable = {}
            local object = setmetatable({}, metatable)
            metatable.__gc = function() ran = true end
        end
        collectgarbage()
        collectgarbage()
        return ran]]), false)
end)

case("the metatable of strings is out of reach", function()
    equal(test.tee("return getmetatable('')"), false)
    equal(test.tee("return ('x').rep('ab', 2)"), "abab")
end)

case("strict mode: the usual setmetatable(_G, ...) works", function()
    local e = raises(test.tee, [[
        setmetatable(_G, {
            __index = function(_, name) error("undefined variable " .. name, 2) end,
            __newindex = function(_, name) error("assignment to undefined variable " .. name, 2) end,
        })
        return undefined_thing]])
    test.contains(e, "undefined variable undefined_thing")
    test.contains(raises(test.tee, [[
        setmetatable(_G, {__newindex = function(_, name) error("no new globals: " .. name, 2) end})
        new_thing = 1]]), "no new globals: new_thing")
end)

case("strict mode leaves existing globals usable", function()
    equal(test.tee([[
        setmetatable(_G, {__index = function(_, name) error(name) end})
        return tostring(#string.rep("x", math.max(1, 2)))]]), "2")
end)

case("pairs(_G) finds every library", function()
    local names = test.tee([[
        local names = {}
        for name, value in pairs(_G) do
            if type(value) == 'table' then names[#names + 1] = name end
        end
        table.sort(names)
        return names]])
    equal(names, {"_G", "coroutine", "math", "string", "table", "tee", "utf8"})
end)

case("collectgarbage answers", function()
    equal(test.tee("return math.type(collectgarbage('count'))"), "float")
    equal(test.tee("return collectgarbage()"), 0)
end)

case("print accepts any values, and prints nothing to stdout", function()
    equal(test.tee("return select('#', print('a line of the test suite', nil, 1.5, true))"), 0)
    raises(test.tee, "print(setmetatable({}, {__tostring = function() return {} end}))")
end)

case("print of much does no harm", function()
    test.tee("for i = 1, 100 do print(('much '):rep(40)) end")
end)
