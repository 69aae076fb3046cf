-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
local long = ("x"):rep(300000)
local function forever(f) return function() while true do f() end end end
return cases((...), {
    {"upper", "out of fuel", forever(function() return long:upper() end)},
    {"reverse", "out of fuel", forever(function() return long:reverse() end)},
    {"byte", "out of fuel", forever(function() return long:byte(1, 50000) end)},
    {"tonumber", "out of fuel", forever(function() return tonumber(long, 36) end)},
    {"tonumber of digits", "out of fuel", forever(function() return tonumber(("1"):rep(10000)) end)},
    {"arithmetic on digits", "out of fuel", forever(function() return ("0"):rep(10000) + 1 end)},
    {"%q", "out of fuel", forever(function() return ("%q"):format(long) end)},
    {"%.99f", "out of fuel", forever(function() return ("%.99f"):format(1e308) end)},
    {"a format of literals", "out of fuel", forever(function() return long:format() end)},
    {"utf8.len", "out of fuel", forever(function() return utf8.len(long) end)},
    {"utf8.offset", "out of fuel", forever(function() return utf8.offset(long, 200000) end)},
    {"utf8.codes of continuation bytes", "out of fuel", function()
        local s = "a" .. ("\x80"):rep(200000)
        while true do pcall(function() for _ in utf8.codes(s, true) do end end) end
    end},
    {"string.pack of options without values", "out of fuel", forever(function() return string.pack(("<"):rep(100000)) end)},
    {"string.pack of padding", "out of fuel|not enough memory", function() return string.pack("c2000000000", "") end},
    {"equal strings that are not the same", "out of fuel", function()
        local a, b = long .. "y", long .. "y"
        while a == b do end
    end},
    {"strings in order", "out of fuel", function()
        local a, b = long .. "y", long .. "z"
        while a < b do end
    end},
    {"long strings as keys", "out of fuel", function()
        local t, i = {[long .. "y"] = 1}, 0
        while true do i = i + t[long .. "y"] end
    end},
    {"print", "out of fuel", forever(function() return collectgarbage("count") end)},
    {"collectgarbage", "out of fuel", forever(function() collectgarbage() end)},
    {"collectgarbage in steps", "out of fuel", forever(function() collectgarbage("step", 1000000) end)},
})
