-- SPDX-License-Identifier: BSD-2-Clause
-- What Lua 5.4.3 fixed.

local cases = {}

local function closing(f) return setmetatable({}, {__close = f}) end

cases["c03c527f: 'table.concat' error message uses wrong format (5.4.0 to 5.4.2)"] = function()
    for _, index in ipairs {1 << 40, math.maxinteger, math.mininteger} do
        local ok, e = pcall(table.concat, {}, "", index, index)
        assert(not ok and e:find("at index " .. index .. " in table", 1, true), e)
    end
end

-- The value that is indexed is in no register, so that the message must not name one.
cases["e0260eb2: bug (kind of) in 'isinstack' (5.4.0 to 5.4.2)"] = function()
    local ok, e = pcall(function() return setmetatable({}, {__index = 10}).x end)
    assert(not ok and e:find("attempt to index a number value$"), e)
    ok, e = pcall(function() local t = setmetatable({}, {__newindex = true}) t.x = 1 end)
    assert(not ok and e:find("attempt to index a boolean value$"), e)
end

-- An error in a coroutine, which nobody has seen yet, is what closing it reports.
cases["409256b7: 'coroutine.close' reports original errors (5.4.0 to 5.4.2)"] = function()
    local co = coroutine.create(function() error({"original"}) end)
    local ok, e = coroutine.resume(co)
    local closed, seen = coroutine.close(co)
    assert(not ok and closed == false and seen == e and e[1] == "original", seen)
end

cases["0ceada8d: the last error in closing methods is reported (5.4.0 to 5.4.2)"] = function()
    local seen = {}
    local function body()
        local first <close> = closing(function(_, e) seen[#seen + 1] = e error("third", 0) end)
        local second <close> = closing(function(_, e) seen[#seen + 1] = e error("second", 0) end)
        error("first", 0)
    end
    local ok, e = pcall(body)
    assert(not ok and e == "third" and table.concat(seen, ",") == "first,second", e)
    seen = {}
    ok, e = coroutine.resume(coroutine.create(body))
    assert(not ok and e == "first", e)      -- closed only by coroutine.close, or by wrap:
    seen = {}
    ok, e = pcall(coroutine.wrap(body))
    assert(not ok and e == "third" and table.concat(seen, ",") == "first,second", e)
end

cases["f9d29b0c: '__close' is called once, whatever it raises (5.4.0 to 5.4.2)"] = function()
    local calls = 0
    local function body()
        local x <close> = closing(function() calls = calls + 1 error("in close", 0) end)
        return calls
    end
    local ok, e = pcall(body)
    assert(not ok and e == "in close" and calls == 1, calls)
end

cases["4bd10b6f: error messages for calling non-callable objects (5.4.0 to 5.4.2)"] = function()
    local t = setmetatable({}, {__add = 34, __lt = {}, __concat = true, __len = 1.5})
    for _, case in ipairs {
        {"add", function() return t + 1 end}, {"lt", function() return t < t end},
        {"concat", function() return t .. "" end}, {"len", function() return #t end},
    } do
        local ok, e = pcall(case[2])
        assert(not ok and e:find("metamethod '" .. case[1] .. "'", 1, true), e)
    end
end

cases["b07fc10e, d0f34d91: yields inside '__close', also after errors (5.4.0 to 5.4.2)"] = function()
    local co = coroutine.wrap(function()
        return pcall(function()
            local x <close> = closing(function(_, e) coroutine.yield(e) coroutine.yield("again") end)
            local y <close> = closing(function(_, e) coroutine.yield(e) error("from close", 0) end)
            error("from body", 0)
        end)
    end)
    assert(co() == "from body" and co() == "from close" and co() == "again")
    local ok, e = co()
    assert(ok == false and e == "from close", e)
end

-- Stacks shrink while the memory is full: in the older ones that could start a second collection inside the first.
cases["1537d668: new control for reentrancy of emergency collections (5.4.0 to 5.4.2)"] = function()
    local function deep(n)
        if n == 0 then return 0 end
        return 1 + deep(n - 1)
    end
    local hoard, size = {}, 1 << 16
    -- Whatever takes memory from here on runs in pcall: the table's own growth, too.
    local function add() hoard[#hoard + 1] = string.rep("x", size) end
    local function work() local t = {} for i = 1, 40 do t[i] = {i} end end
    while size >= 1024 do
        if not pcall(add) then size = size // 2 end
    end
    for round = 1, 200 do
        local ok, n = pcall(deep, round * 7 % 900)
        assert(not ok or n == round * 7 % 900)
        pcall(work)
        if round % 20 == 0 then hoard[#hoard] = nil end
        collectgarbage("step", 1)
    end
    hoard = nil
    assert(deep(900) == 900)
end

return cases
