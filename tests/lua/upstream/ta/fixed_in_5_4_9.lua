-- SPDX-License-Identifier: BSD-2-Clause
-- What Lua 5.4.9 fixed.

local cases = {}

-- An all-weak table gets a new metatable after the collector has visited it in this cycle.
cases["1b0f943d: new metatable in weak table can fool the GC (5.4.0 to 5.4.8)"] = function()
    local big = {}
    for i = 1, 20000 do big[i] = {i} end
    local function give(t) setmetatable(t, {__mode = "kv", __index = function() return "right" end, [1] = 7}) end
    -- Leaves no trace of the metatable in the stack.
    local function wipe(...)
        local a, b, c, d, e, f, g, h, i, j, k, l = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
        return select("#", ...)
    end
    for steps = 0, 40 do
        collectgarbage()
        local t = setmetatable({}, {__mode = "kv"})
        for _ = 1, steps do collectgarbage("step", 0) end
        give(t)
        wipe(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
        for _ = 1, 400 do if collectgarbage("step", 0) then break end end
        local others = {}
        for i = 1, 300 do others[i] = {__index = "wrong" .. i} end
        assert(getmetatable(t)[1] == 7 and t.x == "right", steps)
    end
end

-- A metatable that is its own __newindex, and what is assigned is that field: the barrier was that of the new value.
cases["the barrier of an assignment to '__newindex' itself (5.4.0 to 5.4.8)"] = function()
    local big = {}
    for i = 1, 20000 do big[i] = {i} end
    local function assign(t) t.__newindex = {"right", {"inside"}} end
    local function wipe(...)
        local a, b, c, d, e, f, g, h, i, j, k, l = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
        return select("#", ...)
    end
    for steps = 0, 40 do
        collectgarbage()
        local mt = {}
        mt.__newindex = mt
        local t = setmetatable({}, mt)
        for _ = 1, steps do collectgarbage("step", 0) end
        assign(t)
        wipe(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
        for _ = 1, 400 do if collectgarbage("step", 0) then break end end
        local others = {}
        for i = 1, 300 do others[i] = {"wrong" .. i, {"outside"}} end
        assert(rawget(t, "__newindex") == nil)
        assert(mt.__newindex[1] == "right" and mt.__newindex[2][1] == "inside", steps)
    end
end

-- After "pattern too complex" the iterator went on without a limit.
cases["efddc230: wrong initialization in result from 'gmatch' (5.4.0 to 5.4.8)"] = function()
    local n = 100000
    local iterator = string.gmatch(("a"):rep(n), ("a?"):rep(n))
    for _ = 1, 3 do
        local ok, e = pcall(iterator)
        assert(not ok and e:find("pattern too complex"), e)
    end
end

-- Undefined in C: a shift by 35 of 32 bits.
cases["10eb89d1: shift overflow in utf-8 decode (5.4.0 to 5.4.8)"] = function()
    for _, first in ipairs {"\xFE", "\xFF"} do
        local text = first .. ("\x8F"):rep(8)
        local length, position = utf8.len(text, 1, -1, true)
        assert(not length and position == 1)
        assert(not pcall(utf8.codepoint, text, 1, 1, true))
        assert(not pcall(function() for _ in utf8.codes(text, true) do end end))
    end
end

-- The metatable of buffers stayed half made when there was no memory for it, and no buffer could be used any more.
cases["the metatable of boxes is made in one piece (5.4.0 to 5.4.8)"] = function()
    local list
    pcall(function() while true do list = {list} end end)   -- no buffer is used for this
    local wrong
    while true do
        local ok, e = pcall(string.rep, "x", 3000)
        if ok then break end
        if not e:find("not enough memory", 1, true) then wrong = e end
        list = list[1]
    end
    list = nil
    assert(not wrong, wrong)
    assert(#("x"):rep(3000) == 3000)
end

return cases
