-- SPDX-License-Identifier: BSD-2-Clause
-- What Lua 5.4.4 fixed.

local cases = {}

local function closing(f) return setmetatable({}, {__close = f}) end

cases["47cffdc7: tbc variables in \"for\" loops don't avoid tail calls (5.4.0 to 5.4.3)"] = function()
    local closed = false
    local function is_closed() return closed end
    local function body()
        for _ in function() return 1 end, nil, nil, closing(function() closed = true end) do
            return is_closed()
        end
    end
    assert(body() == false and closed)
end

cases["68129718: yielding in '__close' mess up number of returns (5.4.3)"] = function()
    local function returns(count)
        return coroutine.wrap(function()
            local x <close> = closing(function() coroutine.yield("x") end)
            local y <close> = closing(function() coroutine.yield("y", 2, 3, 4) end)
            return table.unpack({"a", "b", "c", "d", "e", "f"}, 1, count)
        end)
    end
    for count = 0, 6 do
        local co = returns(count)
        assert(co() == "y" and co(1, 2, 3) == "x")
        local results = table.pack(co("p", "q"))
        assert(results.n == count and table.concat(results) == ("abcdef"):sub(1, count), results.n)
    end
end

cases["6a0dace2: 'local function' can assign to '<const>' variables (5.4.0 to 5.4.3)"] = function()
    for _, value in ipairs {"10", "{}", "'text'"} do
        local f, e = load("local fixed <const> = " .. value .. " function fixed() end")
        assert(not f and e:find("attempt to assign to const variable 'fixed'", 1, true), e)
    end
end

-- Undefined in C; the value was right where shifts and negations wrap around.
cases["62fb9344: negation in 'luaV_shiftr' may overflow (5.4.0 to 5.4.3)"] = function()
    for _, by in ipairs {math.mininteger, math.maxinteger, math.mininteger + 1, 64, -64} do
        for _, value in ipairs {1, -1, math.mininteger} do
            assert(value >> by == 0 and value << by == 0, by)
        end
    end
end

-- CVE-2021-43519. A coroutine that had caught an error went on without counting its level of the C stack.
cases["74d99057: C stack overflow with coroutines (5.4.2, 5.4.3)"] = function()
    local count = 0
    local function nest()
        count = count + 1
        pcall(error)
        return coroutine.wrap(nest)()
    end
    local ok, e = pcall(nest)
    assert(not ok and e:find("C stack overflow"), e)
    assert(count > 50 and count < 1000, count)
end

cases["bfbff370: wrong status in coroutine during reset (5.4.1 to 5.4.3)"] = function()
    local co, inside
    co = coroutine.create(function()
        local x <close> = closing(function()
            inside = coroutine.status(co) .. ": " .. tostring(select(2, coroutine.resume(co)))
            local ok, e = pcall(coroutine.close, co)
            assert(not ok and e:find("cannot close a running coroutine"), e)
        end)
        error(111)
    end)
    local ok, e = coroutine.resume(co)
    assert(not ok and e == 111)
    ok, e = coroutine.close(co)
    assert(ok == false and e == 111 and inside == "running: cannot resume non-suspended coroutine", inside)
    assert(coroutine.close(co) == true)

    local wrapped
    wrapped = coroutine.wrap(function()
        local x <close> = closing(function() return pcall(wrapped) end)
        error(222)
    end)
    ok, e = pcall(wrapped)
    assert(not ok and e == 222)
    ok, e = pcall(wrapped)
    assert(not ok and e:find("dead coroutine"), e)
end

cases["bf10593a: yields inside '__pairs' (5.4.0 to 5.4.3)"] = function()
    local t = setmetatable({}, {__pairs = function(self)
        local limit = coroutine.yield("limit?")
        return function(_, i) if i < limit then return i + 1, i * i end end, self, 0
    end})
    local sum = 0
    local co = coroutine.wrap(function()
        for _, square in pairs(t) do sum = sum + square end
        return "done"
    end)
    assert(co() == "limit?" and co(5) == "done" and sum == 0 + 1 + 4 + 9 + 16)
end

-- What the older ones handed to C's printf as it came.
cases["9db4bfed: revamp of format validation in 'string.format' (5.4.0 to 5.4.3)"] = function()
    for _, format in ipairs {"%#i", "%0c", "%+s", "%#d", "%10q", "% p", "%.3c", "%-+ #0-d", "%099.99f", "%.100d", "%"} do
        local ok, e = pcall(string.format, format, 65)
        assert(format == "%099.99f" or not ok, format)
        assert(ok or e:find("invalid conversion", 1, true) or e:find("cannot have modifiers", 1, true), e)
    end
    assert(("%-5d|%05d|%+d|% d|%#x|%.3s|%5.1f"):format(1, 2, 3, 4, 5, "abcd", 6.25) == "1    |00002|+3| 4|0x5|abc|  6.2")
end

return cases
