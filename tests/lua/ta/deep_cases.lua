-- SPDX-License-Identifier: BSD-2-Clause
-- Everything that can nest, nested until something gives: each has to end in an ordinary error, never in a dead TA.
--
--     names = deep_cases()                   what there is
--     message, expected = deep_cases(name)   runs one; the error it met, and a pattern that the error has to match
local name, size = ...

local C_STACK = "C stack overflow"
local cases, expected = {}, {}
local function case(case_name, pattern, run)
    cases[case_name], expected[case_name] = run, pattern
end

-- The error that step ends in.
local function plainly(step)
    local ok, message = pcall(step, step)
    return tostring(message)
end

case("recursion", "stack overflow", function()
    return plainly(function(again) return 1 + again(again) end)
end)
case("recursion through vararg", "stack overflow", function()
    local function f(...) return select("#", f(1, ...)) end
    return plainly(function() return 1 + f() end)
end)
case("pcall", C_STACK, function()
    local deepest
    local function f()
        local ok, message = pcall(f)
        if not ok then deepest = deepest or message end
    end
    f()
    return deepest
end)
case("xpcall", C_STACK, function()
    local deepest
    local function f()
        xpcall(f, function(message) deepest = deepest or message end)
    end
    f()
    return deepest
end)
case("errors in message handlers", "error in error handling", function()
    local function handler(message) error(message) end
    local ok, message = xpcall(function() error("first") end, handler)
    return tostring(message)
end)
case("handler that recurses", "stack overflow", function()
    local seen
    local function f() return 1 + f() end
    xpcall(f, function(message)
        seen = message
        return pcall(f)
    end)
    return tostring(seen)
end)
case("string.gsub", C_STACK, function()
    local function f() return (string.gsub("x", ".", f)) end
    return plainly(f)
end)
case("string.gsub with captures", C_STACK, function()
    local pattern = ("(.)"):rep(31)
    local subject = ("x"):rep(31)
    local function f() return (string.gsub(subject, pattern, f)) end
    return plainly(f)
end)
case("string.gsub, then a deep pattern", C_STACK, function()
    local subject, pattern = ("a"):rep(150), ("a?"):rep(150)
    local function f()
        string.find(subject, pattern)
        return (string.gsub("x", ".", f))
    end
    return plainly(f)
end)
case("string.gsub with __index", C_STACK, function()
    local table = setmetatable({}, {})
    getmetatable(table).__index = function() return (string.gsub("x", ".", table)) end
    return plainly(function() return (string.gsub("x", ".", table)) end)
end)
case("string.gmatch iterator", C_STACK, function()
    local function f()
        for word in string.gmatch("a b", "%a") do
            return (string.gsub(word, ".", f))
        end
    end
    return plainly(f)
end)
case("string.format", C_STACK, function()
    local object = setmetatable({}, {})
    getmetatable(object).__tostring = function() return string.format("%s", object) end
    return plainly(function() return tostring(object) end)
end)
case("tostring", C_STACK, function()
    local object = setmetatable({}, {})
    getmetatable(object).__tostring = function() return tostring(object) end
    return plainly(function() return tostring(object) end)
end)
case("table.concat", C_STACK, function()
    local list = setmetatable({}, { __len = function() return 2 end })
    getmetatable(list).__index = function() return table.concat(list) end
    return plainly(function() return table.concat(list) end)
end)
case("table.unpack", C_STACK, function()
    local list = setmetatable({}, { __len = function() return 2 end })
    getmetatable(list).__index = function() return (table.unpack(list)) end
    return plainly(function() return table.unpack(list) end)
end)
-- As deep as table.sort can be made to recurse: it goes on with the smaller part first, so this order function, which
-- only counts, makes it split in halves; where the part is smallest, it sorts again. size: elements, a power of two.
case("table.sort", C_STACK, function()
    local count = size or 256
    local list = {}
    for i = 1, count do list[i] = 0 end
    local function f()
        local upper, step = count, 0
        table.sort(list, function()
            if upper <= 3 then f() end
            local middle = upper // 2
            step = step + 1
            if step <= 3 then return false end -- the median of three
            if step <= 3 + middle - 2 then return true end -- up to the middle
            if step == 3 + middle - 1 then return false end
            if step <= 3 + middle - 1 + upper - 1 - middle then return true end -- down to the middle
            upper, step = middle - 1, 0
            return false
        end)
    end
    return plainly(f)
end)
case("table.sort with __lt", C_STACK, function()
    local meta = {}
    local function f()
        local list = {}
        for i = 1, 8 do list[i] = setmetatable({}, meta) end
        table.sort(list)
    end
    meta.__lt = function() f() return false end
    return plainly(f)
end)
case("table.sort of a made-up length", "array too big", function()
    local list = setmetatable({}, { __len = function() return 1 << 30 end })
    return plainly(function() table.sort(list) end)
end)
case("__index functions", C_STACK, function()
    local object = setmetatable({}, {})
    getmetatable(object).__index = function(self, key) return self[key] end
    return plainly(function() return object.x end)
end)
case("__index chain", "'__index' chain too long", function()
    local object = {}
    for _ = 1, 3000 do object = setmetatable({}, { __index = object }) end
    return plainly(function() return object.x end)
end)
case("metamethods of operators", C_STACK, function()
    local object = setmetatable({}, {})
    local meta = getmetatable(object)
    meta.__add = function(a, b) return a .. b end
    meta.__concat = function(a, b) return a < b end
    meta.__lt = function(a, b) return #a == b end
    meta.__len = function(a) return a + a end
    return plainly(function() return object + object end)
end)
case("__close", C_STACK, function()
    local function f()
        local x <close> = setmetatable({}, { __close = function() f() end })
    end
    return plainly(f)
end)
case("__close after errors", "stack overflow", function()
    local first
    local function f()
        local x <close> = setmetatable({}, { __close = function(_, err)
            first = first or err
            f()
        end })
        error("go")
    end
    local ok, message = pcall(f)
    return tostring(message)
end)
case("__pairs", C_STACK, function()
    local object = setmetatable({}, {})
    getmetatable(object).__pairs = function(o) return pairs(o) end
    return plainly(function() return pairs(object) end)
end)
case("coroutine.wrap", C_STACK, function()
    local function f() return coroutine.wrap(f)() end
    return plainly(f)
end)
case("coroutine.resume", C_STACK, function()
    local deepest
    local function f()
        local ok, message = coroutine.resume(coroutine.create(f))
        if not ok then deepest = deepest or message end
    end
    f()
    return deepest
end)
case("coroutine.close", C_STACK, function()
    local function f()
        local co = coroutine.create(function()
            local x <close> = setmetatable({}, { __close = function() f() end })
            coroutine.yield()
        end)
        coroutine.resume(co)
        assert(coroutine.close(co))
    end
    return plainly(f)
end)
case("coroutine inside string.gsub", C_STACK, function()
    local function f()
        return (string.gsub("x", ".", coroutine.wrap(f)))
    end
    return plainly(f)
end)

-- Readers of load that load: a parser inside a parser.
case("load inside load", "stack overflow", function()
    local deepest
    local function reader()
        local ok, message = load(reader)
        if not ok then deepest = deepest or message end
        return nil
    end
    load(reader)
    return deepest
end)
case("load inside nested functions", "stack overflow", function()
    local deepest
    local function reader()
        local step = 0
        return function()
            step = step + 1
            if step == 1 then return ("return function() "):rep(8) end
            local ok, message = load(reader())
            if not ok and message:find("stack overflow") then deepest = deepest or message end
            return nil
        end
    end
    load(reader())
    return deepest
end)

local function parse(case_name, source, pattern)
    case("parser: " .. case_name, pattern or C_STACK, function()
        local ok, message = load(source)
        return tostring(message)
    end)
end
parse("parentheses", "return " .. ("("):rep(5000) .. "1" .. (")"):rep(5000))
parse("unary operators", "return " .. ("- "):rep(5000) .. "1")
parse("not", "return " .. ("not "):rep(5000) .. " 1")
parse("right associative operators", "return " .. ("1 .. "):rep(5000) .. " 1")
parse("powers", "return " .. ("1 ^ "):rep(5000) .. " 1")
parse("tables", "return " .. ("{"):rep(5000) .. ("}"):rep(5000))
parse("functions", ("return function() "):rep(5000) .. ("end "):rep(5000))
parse("arguments", "return " .. ("f("):rep(5000) .. (")"):rep(5000))
parse("indices", "return " .. ("a["):rep(5000) .. "1" .. ("]"):rep(5000))
parse("blocks", ("do "):rep(5000) .. ("end "):rep(5000))
parse("loops", ("while true do "):rep(5000) .. ("end "):rep(5000))
parse("numeric loops", ("for i = 1, 2 do "):rep(5000) .. ("end "):rep(5000), "too many local variables")
parse("conditions", ("if x then "):rep(5000) .. ("end "):rep(5000))
parse("assignments", ("a, "):rep(5000) .. "a = 1")
parse("repeat", ("repeat "):rep(5000) .. ("until x "):rep(5000))

case("pattern: optional items", "pattern too complex", function()
    return plainly(function() return string.find(("a"):rep(1000), ("a?"):rep(1000)) end)
end)
case("pattern: alternating", "pattern too complex", function()
    return plainly(function() return string.find(("a"):rep(1000), ("a-"):rep(300) .. "b") end)
end)
case("pattern: captures", "too many captures", function()
    return plainly(function() return string.find("aaaa", ("("):rep(100)) end)
end)

case("many values", "too many results to unpack", function()
    return plainly(function() return table.unpack({}, 1, 1000000) end)
end)

if name == nil then
    local names = {}
    for case_name in pairs(cases) do names[#names + 1] = case_name end
    table.sort(names)
    return names
end
return cases[name](), expected[name]
