-- SPDX-License-Identifier: BSD-2-Clause
-- As deep as it goes: each of these reaches a limit of Lua, and ends in an ordinary Lua error, never in a dead TA.

local tee = require "tee"
local test = require "test"
local case, equal = test.case, test.equal

-- name, source, words of the error (any of them)
local deep = {
    {"recursion", "local function f(n) return 1 + f(n + 1) end return f(1)", "stack overflow"},
    {"recursion through pcall", "local function f() local ok, e = pcall(f) error(e, 0) end f()", "stack overflow"},
    {"recursion through a metamethod",
     "local t = setmetatable({}, {__index = function(t, k) return t[k + 1] end}) return t[1]", "stack overflow"},
    {"recursion through __tostring", "local t = setmetatable({}, {__tostring = function(t) return tostring(t) end}) tostring(t)",
     "stack overflow"},
    {"recursion through __call", "local t = setmetatable({}, {}) getmetatable(t).__call = function(self) return 1 + self() end t()",
     "stack overflow"},
    {"recursion through gsub", "local function f(s) return (s:gsub('.', f)) end return f('x')", "stack overflow"},
    {"recursion through sort", "local function f() table.sort({2, 1}, f) end f()", "stack overflow"},
    {"recursion through load", "local s = 'return 1 + load(...)(...)' return load(s)(s)", "stack overflow"},
    {"recursion through a load reader", "local function f() return load(f) and nil end f() error('C stack overflow')", "stack overflow"},
    {"recursion through coroutines", "local function f() return coroutine.wrap(f)() end f()", "stack overflow"},
    {"recursion through table.concat",
     "local t = setmetatable({}, {__len = function() return 1 end}) getmetatable(t).__index = function() return table.concat(t) end return table.concat(t)",
     "stack overflow"},
    {"parentheses", "assert(load('return ' .. ('('):rep(100000) .. '1' .. (')'):rep(100000)))", "C stack overflow"},
    {"table constructors", "assert(load('return ' .. ('{'):rep(100000) .. ('}'):rep(100000)))", "C stack overflow"},
    {"blocks", "assert(load(('do '):rep(100000) .. ('end '):rep(100000)))", "C stack overflow"},
    {"functions", "assert(load(('local function f() '):rep(100000) .. ('end '):rep(100000)))", "C stack overflow"},
    {"unary operators", "assert(load('return ' .. ('-'):rep(100000) .. '1'))", "overflow"},
    {"concatenations", "assert(load('return ' .. ('a..'):rep(100000) .. 'a'))", "overflow"},
    {"patterns of many captures", "return ('x'):rep(40):find(('(x'):rep(33))", "captures"},
    {"patterns that recurse", "return ('x'):rep(300000):find(('x?'):rep(200000) .. 'y')", "too complex"},
    {"results", "return table.unpack({}, 1, 1e7)", "too many results"},
    {"string.rep of everything", "return ('x'):rep(1 << 62)", "too large"},
}

for _, d in ipairs(deep) do
    local name, source, words = table.unpack(d)
    case(name, function()
        local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend}
        test.raises_text(words, s.call, s, "eval", source)
        -- And inside pcall, from inside a coroutine: less of the C stack is left.
        equal(s:call("eval", "return (pcall(coroutine.wrap(load(...))))", source), false)
        equal(s:call("eval", "return 1"), 1)
    end)
end

case("forty levels of pcall and coroutines", function()
    equal(test.tee([[
        local function f(n)
            if n == 0 then return "bottom" end
            return select(2, pcall(coroutine.wrap(function() return f(n - 1) end)))
        end
        return f(40)]]), "bottom")
end)
