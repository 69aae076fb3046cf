-- SPDX-License-Identifier: BSD-2-Clause
-- What Lua 5.4.8 fixed.

local cases = {}

local function closing(f) return setmetatable({}, {__close = f}) end

-- Fills the session's memory; returns what holds it.
local function fill(least)
    local hoard, size = {}, 65536
    local function add() hoard[#hoard + 1] = string.rep("x", size) end
    while size >= least do
        if not pcall(add) then size = size // 2 end
    end
    return hoard
end

cases["782ef85b: wrong code gen. for indices with comparisons (5.4.0 to 5.4.7)"] = function()
    local t = {[true] = "yes", [false] = "no"}
    local function lookup(a, b)
        local other = {[true] = "wrong", [false] = "wrong"}
        do local x = other end
        return t[a < b], t[a == b], t[not a]
    end
    local yes, no, negated = lookup(1, 2)
    assert(yes == "yes" and no == "no" and negated == "no", yes)
    local function store(a, b) t[a > b] = "stored" end
    store(1, 2)
    assert(t[false] == "stored" and t[true] == "yes")
    _ENV[true] = 10
    local function global() return _ENV[1 < 2] end
    assert(global() == 10)
end

-- The table that __newindex names has no other owner than a weak metatable, and grows in a session short of memory: the emergency
-- collection frees it.
cases["983bc433: use after free in 'luaV_finishset' (5.4.1 to 5.4.7)"] = function()
    local hoard = fill(2048)
    for i = 1, 4 do hoard[i] = nil end
    collectgarbage()
    for _ = 1, 20000 do
        local mt = setmetatable({}, {__mode = "v"})
        local t = setmetatable({}, mt)
        mt.__newindex = {}
        for k = 1, 16 do t["k" .. k] = k end
    end
end

cases["3fe7be95: message handler can be overwritten (5.4.3 to 5.4.7)"] = function()
    local co = coroutine.create(function()
        local x <close> = closing(function() local e = 134 error(e) end)
        xpcall(coroutine.yield, function() return "handler" end)
    end)
    assert(coroutine.resume(co))
    local ok, e = coroutine.close(co)
    assert(ok == false and e == 134, e)
end

cases["d1ee2a4d: bad error message with fields of string _ENV (5.4.0 to 5.4.7)"] = function()
    local _, e = pcall(load("return ('_ENV').x + 1"))
    assert(e:find("(field 'x')", 1, true), e)
    _, e = pcall(load("return x + 1"))
    assert(e:find("(global 'x')", 1, true), e)
end

-- "error in error handling" was made when the error was reported, unprotected: without memory for it, that was fatal.
cases["25da574f: 'luaD_seterrorobj' should not raise errors (5.4.0 to 5.4.7)"] = function()
    local function again() return xpcall(again, again) end
    local function bad(e) error(e) end
    local function try() return coroutine.resume(coroutine.create(again)) end
    for _, least in ipairs {16384, 1024, 64, 24} do
        local hoard = fill(least)
        for _ = 1, 20 do
            pcall(again)
            pcall(xpcall, error, bad)
            pcall(try)
        end
        hoard = nil
        collectgarbage()
    end
    local ok, e = xpcall(error, bad, "first")
    assert(not ok and e ~= nil)
end

return cases
