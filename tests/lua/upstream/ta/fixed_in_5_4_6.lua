-- SPDX-License-Identifier: BSD-2-Clause
-- What Lua 5.4.5 and 5.4.6 fixed; 5.4.5 was never released.

local cases = {}

-- CVE-2022-28805.
cases["1f3c6f45: Lua can generate wrong code when _ENV is <const> (5.4.0 to 5.4.4)"] = function()
    for _, value in ipairs {"11", "1.5", "true", "'text'", "nil"} do
        local f = assert(load("local _ENV <const> = " .. value .. " local a = 1 local b = x return a, b"))
        local ok, e = pcall(f)
        assert(value == "'text'" and ok or not ok and e:find("attempt to index"), e)
        f = assert(load("local _ENV <const> = " .. value .. " x = 1"))
        ok, e = pcall(f)
        assert(not ok and e:find("attempt to index"), e)
    end
end

cases["c764ca71: wrong code generation in bitwise operations (5.4.0 to 5.4.4)"] = function()
    local many = {}
    for i = 1, 300 do many[i] = i .. ".5" end
    local begin = "local many = {" .. table.concat(many, ",") .. "} local a, no = 6, nil return "
    for expression, value in pairs {
        ["1 ~ (2 or 3)"] = 3, ["1 | (2 or 3)"] = 3, ["7 & (a or 3)"] = 6, ["(no or 5) | 8"] = 13, ["9 ~ (no or a)"] = 15,
        ["1 << (2 or 3)"] = 4, ["1 + (2 or 3)"] = 3, ["(a or 1) & 3"] = 2, ["3 == (no or 3)"] = true,
    } do
        assert(load(begin .. expression))()
        assert(load(begin .. expression)() == value, expression)
    end
end

-- CVE-2022-33099. The C stack overflows while errors are handled, each of which takes slots of the Lua stack.
cases["42d40581: Lua-stack overflow when C stack overflows while handling an error (5.4.0 to 5.4.4)"] = function()
    local function handler(e)
        local parts = {}
        for i = 1, 240 do parts[i] = "'" .. i .. "'" end
        local f = load("local t = {} return " .. table.concat(parts, "..") .. "..t")
        return select(2, xpcall(f, handler)) or e
    end
    local function loop(x, y, z) return 1 + loop(x, y, z) end
    local ok = xpcall(loop, function(m)
        return select(2, xpcall(loop, handler, m))
    end)
    assert(ok == false)
    local function again() return xpcall(again, again) end
    again()
    local function text() return ("a"):gsub("a", function() return xpcall(text, function(m) return m .. {} end) end) end
    pcall(text)
end

cases["997f11f5: 'break' may not properly close variable in a 'for' loop (5.4.0 to 5.4.4)"] = function()
    local functions = {}
    local function body()
        local outer = "outer"
        functions[1] = function() return outer end
        for i = 1, 3 do
            local inner = "inner"
            functions[2] = function() return inner, i end
            if i == 1 then break end
        end
        local a, b, c, d = 1, 2, 3, 4
        return a + b + c + d + (outer == "outer" and 1 or 0)
    end
    assert(body() == 11 and functions[1]() == "outer" and functions[2]() == "inner")

    local closed = {}
    local function closing(name) return setmetatable({}, {__close = function() closed[#closed + 1] = name end}) end
    local function loops()
        local first <close> = closing("first")
        for i = 1, 2 do
            local second <close> = closing("second" .. i)
            local keep = function() return i, second end
            if keep() == 1 then goto next end
            do break end
            ::next::
        end
        closed[#closed + 1] = "after the loop"
        for _ in function() return 1 end, nil, nil, closing("control") do
            local third <close> = closing("third")
            local _ = function() return third end
            break
        end
        closed[#closed + 1] = "end"
    end
    loops()
    assert(table.concat(closed, ",") == "second1,second2,after the loop,third,control,end,first", table.concat(closed, ","))

    -- A loop whose body's variable and whose own are both captured: the label of `break` closes from the wrong level.
    local captured = {}
    local function kept()
        for k = 1, 10 do
            local x <const> = k * 10
            local y = x + 1
            captured[k] = function(set) if set then y = set end return y end
            while true do
                local z = y
                captured[-k] = function() z = z + 1 return z end
                if z > 0 then break end
            end
            if k == 3 then break end
        end
        local p, q, r, s = "p", "q", "r", "s"
        return p .. q .. r .. s
    end
    assert(kept() == "pqrs")
    for k = 1, 3 do
        assert(captured[k]() == k * 10 + 1 and captured[-k]() == k * 10 + 2)
        captured[k](-k)
        assert(captured[k]() == -k and captured[-k]() == k * 10 + 3)
    end
end

cases["cd56f222: corrected error message in 'table.remove' (5.4.0 to 5.4.4)"] = function()
    local ok, e = pcall(table.remove, {1, 2, 3}, 7)
    assert(not ok and e:find("bad argument #2 to '[%a.]*remove' %(position out of bounds%)"), e)
end

cases["a1089b41: 'utf8.codes' accepts spurious continuation bytes (5.4.0 to 5.4.4)"] = function()
    for _, text in ipairs {"\xBFabc", "ab\x80", "in\x80valid", "\u{3b1}\u{3bb}\xBF\u{3b1}", "\xC3\xA9\xA9"} do
        local ok, e = pcall(function() for _ in utf8.codes(text) do end end)
        assert(not ok and e:find("invalid UTF-8 code", 1, true), e)
    end
    local next_code = utf8.codes("")
    for _, from in ipairs {2, -1, math.mininteger, math.maxinteger} do assert(next_code("", from) == nil) end
end

cases["26be2745: negation in constant folding of '>>' may overflow (5.4.0 to 5.4.4)"] = function()
    for _, by in ipairs {math.mininteger, math.maxinteger} do
        local digits = by < 0 and "(" .. by + 1 .. " - 1)" or tostring(by)
        assert(load("return -1 >> " .. digits)() == 0 and load("return -1 << " .. digits)() == 0)
        assert(load("return 1 >> 0x8000000000000000")() == 0)
    end
end

cases["1e64c139: stack overflow with nesting of coroutine.close (5.4.0 to 5.4.4)"] = function()
    local closed, previous = 0, nil
    for _ = 1, 1000 do
        local inner = previous
        previous = coroutine.create(function()
            local x <close> = setmetatable({}, {__close = function()
                closed = closed + 1
                if inner then assert(coroutine.close(inner)) end
            end})
            coroutine.yield()
        end)
        coroutine.resume(previous)
    end
    local ok, e = coroutine.close(previous)
    assert(ok == false and tostring(e):find("overflow"), e)
    assert(closed > 50 and closed < 1000, closed)
end

cases["02bab9fc: wrong line in error message for arith. errors (5.4.0 to 5.4.4)"] = function()
    for _, operation in ipairs {"a % b", "a // b", "a % 0", "a // 0"} do
        local ok, e = pcall(load("local a = 7\nlocal b = 0\nlocal c =\n " .. operation .. "\nreturn c", "=chunk"))
        assert(not ok and e:find("^chunk:4: attempt to "), e)
    end
end

return cases
