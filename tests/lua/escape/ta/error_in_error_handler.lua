-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
return cases((...), {
    {"a handler that raises", true, function()
        local ok = xpcall(error, function() error "again" end, "first")
        assert(not ok)
    end},
    {"a handler that overflows the stack", true, function()
        local function f() return f() + 1 end
        assert(not xpcall(f, f))
    end},
    {"a handler that calls itself", true, function()
        local function handler() return xpcall(error, handler) end
        assert(not xpcall(error, handler))
    end},
    {"after a stack overflow", true, function()
        local function f() return f() + 1 end
        assert(not xpcall(f, function(e) return e .. ("x"):rep(1000) end))
    end},
    {"when memory is full", true, function()
        local t = {}
        assert(not xpcall(function() t[1] = ("x"):rep(3 << 20) t[2] = ("x"):rep(3 << 20) end, function(e)
            t = nil
            return e
        end))
    end},
    {"errors that are tables with __tostring", "C stack overflow", function()
        error(tostring(setmetatable({}, {__tostring = function(e) return tostring(e) end})))
    end},
    {"in a loop", "out of fuel", function() while true do xpcall(error, function() error "again" end) end end},
})
