-- SPDX-License-Identifier: BSD-2-Clause
-- string.format, tostring (manual 6.4): every conversion, flag, width and precision, to the byte.
local case = {}
local f = string.format

local floats = {
    0.0, -0.0, 1.0, -1.0, 0.1, 0.5, 1.5, 2.5, 1 / 3, -1 / 3, 9.5, 9.995, 99.5, 0.000123456789, 123456.789, 1234567.0,
        1e15, 1e16, 1e17, 1e21, 1e22,
    1e23, 1e100, 1e-5, 1e-4, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 2^53, 2^63, 4.35, 0.3, 1e308,
        math.huge, -math.huge,
}

local function all(formats)
    local out = {}
    for i, conversion in ipairs(formats) do
        for j, x in ipairs(floats) do
            out[i .. "," .. j] = f(conversion, x)
        end
    end
    return out
end

function case.e()
    return all {"%e", "%E", "%.0e", "%#.0e", "%.1e", "%.16e", "%.17e", "%+e", "% e", "%020.3e", "%-20.3e|", "%.99e"}
end
function case.f()
    return all {"%f", "%.0f", "%#.0f", "%.1f", "%.2f", "%.3f", "%.20f", "%+f", "% f", "%020.3f", "%-20.3f|", "%.99f"}
end
function case.g()
    return all {"%g", "%G", "%.0g", "%#g", "%.1g", "%.3g", "%.14g", "%.15g", "%.16g", "%.17g", "%+g", "% g", "%020g",
        "%-20g|", "%#.17g"}
end
function case.a()
    return all {"%a", "%A", "%.0a", "%.1a", "%.3a", "%.13a", "%.20a", "%+a", "% a", "%030a", "%-30a|", "%#.0a"}
end
function case.tostring_of_floats()
    local out = {}
    for i, x in ipairs(floats) do out[i] = tostring(x) end
    return out
end
function case.not_a_number() return (f("%f %e %g %5.1f", 0 / 0, 0 / 0, 0 / 0, 0 / 0):gsub("-", "")):gsub(" +", " ") end
function case.point_one() return f("%.17g", 0.1), f("%.16g", 0.1), f("%.14g", 0.1), 0.1 .. "" end
function case.largest_in_full() return f("%.99f", 1e308) end
function case.d()
    local out = {}
    for i, conversion in ipairs {"%d", "%i", "%5d", "%-5d|", "%05d", "%+d", "% d", "%.3d", "%8.3d", "%-8.3d|", "%.0d",
        "%20.19d"} do
        for j, n in ipairs {0, 1, -1, 42, -42, 12345, math.maxinteger, math.mininteger, 3.0} do
            out[i .. "," .. j] = f(conversion, n)
        end
    end
    return out
end
function case.x()
    local out = {}
    for i, conversion in ipairs {"%x", "%X", "%#x", "%o", "%#o", "%8x", "%-8x|", "%08X", "%.5x"} do
        for j, n in ipairs {0, 1, 255, 0xdeadbeef, -1, math.mininteger} do
            out[i .. "," .. j] = f(conversion, n)
        end
    end
    return out
end
function case.c() return f("%c%c%c", 76, 117, 97), f("%5c|", 65), f("%-5c|", 65), f("%c", 0) end
function case.s()
    return f("%s %s %s", "a", 1, 1.5), f("%5s|", "ab"), f("%-5s|", "ab"), f("%.1s", "ab"), f("%5.1s|", "ab"),
        f("%s", "a\0b"), f("%s", nil), f("%s", true)
end
function case.s_with_tostring() return f("%s", setmetatable({}, {__tostring = function() return "mine" end})) end
function case.s_with_name() return (f("%s", setmetatable({}, {__name = "Kind"})):gsub("0x%x+", "ADDRESS")) end
function case.s_of_a_long_string() return #f("%s", ("x"):rep(200)), f("%.20s", ("x"):rep(200)) end
function case.s_with_width_and_zero_byte() return f("%10s", "a\0b") end
function case.q()
    return f("%q", 'a "quoted" \\ line\nnext\r\0end\0001'), f("%q", 1), f("%q", 0.1), f("%q", 1e300),
        f("%q", math.mininteger), f("%q", math.huge),
           f("%q", -math.huge), f("%q", nil), f("%q", true), f("%q", 2^63), f("%q", -0.0)
end
function case.q_of_nan() return f("%q", 0 / 0) end
function case.q_of_a_table() return f("%q", {}) end
function case.q_with_a_width() return f("%10q", "x") end
function case.p() return f("%p", 1), f("%p", nil), f("%p", {}) ~= f("%p", {}), f("%p", print) == f("%p", print) end
function case.percent() return f("100%%") end
function case.i_of_strings() return f("%d", "10"), f("%x", "0x1F"), f("%f", "1.5"), f("%d", "3.0") end
function case.d_of_a_fraction() return f("%d", 1.5) end
function case.d_of_a_fraction_string() return f("%d", "1.5") end
function case.d_of_a_word() return f("%d", "x") end
function case.d_of_a_huge_float() return f("%d", 2^63) end
function case.missing_argument() return f("%d") end
function case.unknown_conversion() return f("%y", 1) end
function case.ends_in_percent() return f("%") end
function case.width_too_long() return f("%100d", 1) end
function case.precision_too_long() return f("%.100f", 1) end
function case.flag_not_allowed() return f("%#d", 1) end
function case.repeated_flags() return f("%--------5d", 1) end
function case.long_format() return f("%0000000000000000000000000005d", 1) end
function case.integers_as_floats() return f("%f %e %g %a", 1, 1, 1, 1) end
function case.tostring_of_integers()
    return tostring(0), tostring(-1), tostring(math.maxinteger), tostring(math.mininteger)
end
function case.tostring_of_kinds()
    return tostring(nil), tostring(true), tostring("x"), (tostring({}):gsub("0x%x+", "")),
        (tostring(print):gsub("0x%x+", ""))
end
function case.many_arguments()
    return f(("%d "):rep(50), table.unpack((function() local t = {} for i = 1, 50 do t[i] = i end return t end)()))
end
function case.long_result() return #f("%99.99f%99.99f%99.99f", 1e300, 1e300, 1e300) end

return case
