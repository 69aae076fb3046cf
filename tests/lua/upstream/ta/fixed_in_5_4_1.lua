-- SPDX-License-Identifier: BSD-2-Clause
-- What Lua 5.4.1 fixed.

local cases = {}

-- Threads are new, so that their stacks grow: in 5.4.0 the collector ran in between, and gave back what was prepared for the call.
cases["eb419994: bugs of stack reallocation x GC (5.4.0)"] = function()
    local function deep(n)
        if n == 0 then return 0 end
        return 1 + deep(n - 1)
    end
    local function wide(...)
        local a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p = ...
        local rest = {a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...}
        return #rest, ...
    end
    local arguments = {}
    for i = 1, 200 do arguments[i] = i end
    for round = 1, 150 do
        local co = coroutine.wrap(function()
            deep(round % 60)
            local junk = {}
            for i = 1, 40 do
                junk[i] = {{i}, tostring(i) .. round}
                local count, last = wide(table.unpack(arguments, 1, round % 10 * i % 190 + 1))
                assert(last == 1 and count >= 17)
            end
            return deep(20)
        end)
        assert(co() == 20)
    end
end

cases["e1d8770f: wrong stack limit when entering a coroutine (5.4.0)"] = function()
    local levels = 0
    local function recurse(n)
        if n > 0 then return 1 + recurse(n - 1) end
        levels = levels + 1
        return coroutine.wrap(recurse)(500)
    end
    local ok, e = pcall(recurse, 500)
    assert(not ok and (e:find("overflow") or e:find("memory")), e)
    assert(levels > 1, levels)
end

-- A call of what is no function, where the C stack is about to overflow: 5.4.0 went past the limit.
cases["34affe7a: 'luaD_callnoyield' called twice in a row (5.4.0)"] = function()
    local no_function = setmetatable({}, {__tostring = 1})
    local handled = 0
    local function go()
        xpcall(tostring, function() handled = handled + 1 return pcall(tostring, no_function) end, no_function)
        return (string.gsub("a", ".", go))
    end
    local ok, e = pcall(go)
    assert(not ok and tostring(e):find("overflow") and handled > 10, e)
end

-- 5.4.0 put a position before it.
cases["b57574d6: memory errors are kept as memory errors (5.4.0)"] = function()
    local ok, e = pcall(coroutine.wrap(function() return ("x"):rep(1 << 30) end))
    assert(not ok and e:find("^not enough memory"), e)
end

return cases
