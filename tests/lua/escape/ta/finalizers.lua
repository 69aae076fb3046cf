-- SPDX-License-Identifier: BSD-2-Clause
-- A finalizer runs inside whatever call comes next, and could keep a session busy for ever.
local cases = require "cases"
return cases((...), {
    {"__gc in setmetatable", "__gc", function() setmetatable({}, {__gc = function() end}) end},
    {"__gc that is not a function", "__gc", function() setmetatable({}, {__gc = true}) end},
    {"__gc that comes later does nothing", true, function()
        local ran = false
        do
            local meta = {}
            local _ = setmetatable({}, meta)
            meta.__gc = function() ran = true end
        end
        collectgarbage()
        collectgarbage()
        assert(not ran)
    end},
    {"__gc behind __index", true, function()
        local ran = false
        setmetatable({}, setmetatable({}, {__index = {__gc = function() ran = true end}}))
        collectgarbage()
        assert(not ran)
    end},
    {"a coroutine's <close> variables when it is collected", true, function()
        local ran = false
        coroutine.wrap(function()
            local x <close> = setmetatable({}, {__close = function() ran = true end})
            coroutine.yield()
        end)()
        collectgarbage()
        assert(not ran)
    end},
})
