-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
local function forever() while true do end end
return cases((...), {
    {"resume", "out of fuel", function() coroutine.resume(coroutine.create(forever)) return "swallowed" end},
    {"resume in a loop", "out of fuel", function() while true do coroutine.resume(coroutine.create(forever)) end end},
    {"wrap in pcall", "out of fuel", function() pcall(coroutine.wrap(forever)) return "swallowed" end},
    {"a chain of coroutines", "out of fuel", function()
        local function chain(n)
            if n == 0 then forever() end
            coroutine.resume(coroutine.create(chain), n - 1)
            return "swallowed"
        end
        return chain(50)
    end},
    {"a coroutine that yields while it is closed", "out of fuel", function()
        local co = coroutine.create(function()
            local x <close> = setmetatable({}, {__close = function() coroutine.yield() end})
            forever()
        end)
        coroutine.resume(co)
        return "swallowed"
    end},
    {"close of a coroutine whose variable never closes", "out of fuel", function()
        local co = coroutine.create(function()
            local x <close> = setmetatable({}, {__close = forever})
            coroutine.yield()
        end)
        coroutine.resume(co)
        coroutine.close(co)
        return "swallowed"
    end},
    {"in a generator of a for loop", "out of fuel", function()
        for _ in coroutine.wrap(forever) do end
        return "swallowed"
    end},
    {"coroutines without end", "out of fuel", function()
        while true do coroutine.wrap(function() coroutine.yield() end)() end
    end},
})
