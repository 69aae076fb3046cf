-- SPDX-License-Identifier: BSD-2-Clause
-- What Lua 5.4.2 fixed.

local cases = {}

-- "invalid key to 'next'" in the older ones.
cases["52c86797: keys removed from tables vs 'next' (5.4.0, 5.4.1)"] = function()
    for _, made in ipairs {
        function() return {} end,
        function(i) return ("long string as a key, number %d"):rep(3):format(i, i, i) end,
        function(i) return "short" .. i end,
        function(i) return function() return i end end,
    } do
        -- A global, which the collector visits before the stack with the key.
        t = {}
        for i = 1, 60 do t[made(i)] = true end
        local key, seen = next(t), 0
        while key do
            t[key] = nil
            seen = seen + 1
            collectgarbage()
            key = next(t, key)
        end
        assert(seen == 60 and next(t) == nil, seen)
    end
end

-- In the older ones calls of Lua functions nested in C, some thousand deep at most.
cases["5d8ce05b: back to a stackless implementation (5.4.0, 5.4.1)"] = function()
    local function deep(n)
        if n == 0 then return 0 end
        return 1 + deep(n - 1)
    end
    assert(deep(20000) == 20000)
end

return cases
