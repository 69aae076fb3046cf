-- SPDX-License-Identifier: BSD-2-Clause
-- The string library without patterns and formats (manual 6.4).
local case = {}

function case.length() return #"", #"abc", #"a\0b", ("x"):len(), #("x"):rep(1000) end
function case.byte()
    return ("abc"):byte(), ("abc"):byte(-1), ("abc"):byte(1, -1), ("abc"):byte(10), ("\0\255"):byte(1, 2)
end
function case.char() return string.char(), string.char(72, 105), string.char(0, 255) end
function case.char_out_of_range() return string.char(256) end
function case.sub()
    local s = "hello"
    return s:sub(2), s:sub(2, 3), s:sub(-3), s:sub(-3, -2), s:sub(0), s:sub(10), s:sub(3, 2), s:sub(1, 100),
        s:sub(-100, 2),
           s:sub(math.mininteger, math.maxinteger), s:sub(2.0, 3.0)
end
function case.sub_of_a_fraction() return ("x"):sub(1.5) end
function case.upper_lower() return ("aZ09é"):upper(), ("aZ09É"):lower() end
function case.reverse() return ("abc\0"):reverse(), (""):reverse() end
function case.rep()
    return ("ab"):rep(3), ("ab"):rep(3, ","), ("ab"):rep(0), ("ab"):rep(-1), (""):rep(5), ("x"):rep(1, ",")
end
function case.methods_on_literals() return ("%d"):format(5), #("x"):rep(10):upper() end
function case.index_of_a_string() return ("x").y, pcall(function() return ("x").y.z end) end
function case.assign_to_a_string() local s = "x"; s.y = 1 end
function case.numbers_as_strings()
    return (5 .. ""):rep(2), string.rep(5, 2), string.len(12.5), string.sub(12345, 2, 3)
end
function case.escapes() return "\a\b\f\n\r\t\v\\\"\'\65\x41\u{41}\u{7FFFFFFF}\z
    end", 'a\
b' end
function case.long_brackets() return [[line
line]], [==[ ]] ]==], [[

x]] end
function case.comparison() return "a" == "a", "a" == "b", ("x"):rep(100) == ("x"):rep(100), "a" .. "b" == "ab" end
function case.interned_and_long() return ({[("k"):rep(100)] = 1})[("k"):rep(100)] end
function case.string_as_a_key() local t = {["1"] = "s", [1] = "i"}; return t["1"], t[1], t[1.0] end
function case.concat_of_many()
    local s = ""
    for i = 1, 300 do s = s .. i .. "," end
    return s
end
function case.coercion_of_concat() return 1 .. "", 1.5 .. "", -0.0 .. "x", (2^63) .. "", 10 // 1 .. "" end
function case.table_concat_of_numbers() return table.concat({1, 2.5, "x", -0.0}, "|") end
function case.rep_of_too_much() return pcall(string.rep, "x", math.maxinteger) end
function case.bad_self() return string.upper() end
function case.bad_self_kind() return string.upper({}) end
function case.method_of_nil() local s; return s:upper() end
function case.no_such_method() return ("x"):no_such_method() end

return case
