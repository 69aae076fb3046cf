-- SPDX-License-Identifier: BSD-2-Clause
-- What one call leaves behind, the next does not see; what a module keeps, it keeps for its session only.

local tee = require "tee"
local test = require "test"
local case, equal = test.case, test.equal

local function open() return tee.open {app = test.app, plaintext = true, backend = test.backend} end

case("globals are fresh on each call", function()
    equal(test.tee("local before = leftover; leftover = 1; return before, leftover"), nil)
    equal(test.tee("return leftover"), nil)
end)

case("a global of one script is not seen by the script it calls", function()
    equal(test.tee("shared = 1; return internal_TA_call('eval', 'return shared')"), nil)
end)

case("nor by the script that called it", function()
    equal(test.tee("internal_TA_call('eval', 'shared = 2'); return shared"), nil)
end)

for _, name in ipairs {"string", "table", "math", "coroutine", "utf8", "tee"} do
    case("a function added to " .. name .. " is gone in the next call", function()
        pcall(test.tee, name .. ".added = 1")
        equal(test.tee("return " .. name .. ".added"), nil)
    end)
    case("a function taken out of " .. name .. " is back in the next call", function()
        pcall(test.tee, "for k in pairs(" .. name .. ") do " .. name .. "[k] = nil end")
        equal(test.tee("return next(" .. name .. ") ~= nil"), true)
    end)
end

case("base functions replaced in one call are whole in the next", function()
    pcall(test.tee, "for k in pairs(_G) do _G[k] = nil end")
    equal(test.tee("return type(pcall), type(load), type(internal_TA_call)"), "function")
    pcall(test.tee, "tostring = function() return 'spoiled' end")
    equal(test.tee("return tostring(1)"), "1")
end)

case("string methods cannot be spoiled for the next call", function()
    pcall(test.tee, "getmetatable('').__index = {upper = function() return 'spoiled' end}")
    pcall(test.tee, "string.upper = function() return 'spoiled' end")
    pcall(test.tee, "setmetatable(string, {__index = function() return 'spoiled' end})")
    equal(test.tee("return ('x'):upper()"), "X")
    equal(test.tee("return string.no_such_function"), nil)
end)

case("string methods cannot be spoiled for a script that is called", function()
    equal(test.tee([[
        pcall(function() getmetatable('').__index = {upper = function() return 'spoiled' end} end)
        pcall(function() string.upper = function() return 'spoiled' end end)
        return internal_TA_call('eval', "return ('x'):upper()")]]), "X")
end)

case("a metatable on _G stays with its call", function()
    test.tee("setmetatable(_G, {__index = function() return 1 end})")
    equal(test.tee("return undefined"), nil)
end)

case("metatables of nil, numbers and booleans stay unset", function()
    equal(test.tee("return getmetatable(1), getmetatable(nil), getmetatable(true), getmetatable(print)"), nil)
end)

case("a module keeps its state from call to call", function()
    local first = test.tee("return require('counter').next()")
    equal(test.tee("return require('counter').next()"), first + 1)
    equal(test.tee("return require('counter').next()"), first + 2)
end)

case("a module's globals are its own", function()
    equal(test.tee("require('counter'); return counter_global"), nil)
    equal(test.tee("counter_global = 5; return require('counter').global()"), "the module's")
end)

case("two sessions do not see each other", function()
    local a <close> = open()
    local b <close> = open()
    equal(a:call("eval", "return require('counter').next()"), 1)
    equal(a:call("eval", "return require('counter').next()"), 2)
    equal(b:call("eval", "return require('counter').next()"), 1)
    equal(a:call("eval", "return require('counter').next()"), 3)
end)

case("a new session begins anew", function()
    do
        local a <close> = open()
        a:call("eval", "require('counter').next()")
    end
    local b <close> = open()
    equal(b:call("eval", "return require('counter').next()"), 1)
end)

case("out of memory in one session leaves the other alone", function()
    local a <close> = open()
    local b <close> = open()
    equal(b:call("eval", "return require('counter').next()"), 1)
    test.raises_text("memory", a.call, a, "eval", "return ('x'):rep(1 << 30)")
    test.raises(a.call, a, "eval", "local t = {} while true do t[#t + 1] = ('x'):rep(100000) .. #t end")
    equal(b:call("eval", "return require('counter').next()"), 2)
    equal(a:call("eval", "return 1"), 1)
end)

case("math.random differs from session to session", function()
    local a <close> = open()
    local b <close> = open()
    local source = "return math.random(0), math.random(0)"
    test.ok(a:call("eval", source) ~= b:call("eval", source), "two sessions drew the same number")
end)
