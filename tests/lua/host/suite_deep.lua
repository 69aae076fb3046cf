-- SPDX-License-Identifier: BSD-2-Clause
-- As deep as it goes: each case of ta/deep_cases.lua reaches a limit of Lua, and ends in an ordinary Lua error, never
-- in a dead TA.

local tee = require "tee"
local test = require "test"
local case, equal = test.case, test.equal

for _, name in ipairs(TA_call("deep_cases")) do
    case(name, function()
        -- In the default session: the deepest stacks take most of the memory that a device has for all of them.
        local message, expected = TA_call("deep_cases", name)
        test.ok(message:find(expected), test.show(message) .. " is not like " .. test.show(expected))
        test.tee("collectgarbage()")
        equal(TA_call("echo", 1), 1)
    end)

    case(name .. ", from inside a coroutine", function()
        local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend}
        -- Where less of the C stack is left, another limit may come first: any error will do.
        s:call("eval", "return (select('#', coroutine.wrap(pcall)(tee.call, 'deep_cases', ...)))", name)
        equal(s:call("echo", 1), 1)
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
