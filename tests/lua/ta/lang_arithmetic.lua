-- SPDX-License-Identifier: BSD-2-Clause
-- Operators on integers and floats (Lua 5.4 manual, 3.4.1 to 3.4.3).
local case = {}

-- Applies f to every pair of these and lists what comes out, or the error.
local operands = {
    0, 1, -1, 2, -2, 3, -3, 7, -7, 10, 63, 64, -64, 65, math.maxinteger, math.mininteger, math.maxinteger - 1,
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.5, -2.5, 3.7, 1e15, 2^53, 2^63, -2^63, 1e300, -1e300, math.huge, -math.huge,
}

local function pairwise(f)
    local out = {}
    for i, a in ipairs(operands) do
        for j, b in ipairs(operands) do
            local ok, r = pcall(f, a, b)
            -- The sign of a NaN is the processor's affair.
            out[i .. "," .. j] = r ~= r and "nan" or r
        end
    end
    return out
end

function case.add() return pairwise(function(a, b) return a + b end) end
function case.subtract() return pairwise(function(a, b) return a - b end) end
function case.multiply() return pairwise(function(a, b) return a * b end) end
function case.divide() return pairwise(function(a, b) return a / b end) end
function case.floor_divide() return pairwise(function(a, b) return a // b end) end
function case.modulo() return pairwise(function(a, b) return a % b end) end
function case.band() return pairwise(function(a, b) return a & b end) end
function case.bor() return pairwise(function(a, b) return a | b end) end
function case.bxor() return pairwise(function(a, b) return a ~ b end) end
function case.shift_left() return pairwise(function(a, b) return a << b end) end
function case.shift_right() return pairwise(function(a, b) return a >> b end) end
function case.less() return pairwise(function(a, b) return a < b end) end
function case.less_equal() return pairwise(function(a, b) return a <= b end) end
function case.equal() return pairwise(function(a, b) return a == b end) end
function case.concat() return pairwise(function(a, b) return a .. b end) end
function case.tostring_both() return pairwise(function(a, b) return tostring(a) .. " " .. tostring(b) end) end

function case.power()
    return 2^10, 2^-1, 2^0.5, (-2)^3, (-2)^2, 0^0, 10^15, 10^-5, 2^1023, 2^1024, 2^-1074, 2^-1075,
        (-8)^(1 / 3) ~= (-8)^(1 / 3)
end
function case.power_of_integers_is_a_float() return math.type(2^2), 2^2, 3^4 end
function case.unary_minus() return -0, -0.0, -1, -math.mininteger, -math.maxinteger, -(2^63), - -5 end
function case.bitwise_not() return ~0, ~1, ~-1, ~math.maxinteger, ~2.0 end
function case.integer_overflow_wraps()
    return math.maxinteger + 1, math.mininteger - 1, math.maxinteger * 2, math.mininteger * -1, math.mininteger // -1,
           math.mininteger % -1
end
function case.integer_division_by_zero() return 1 // 0 end
function case.integer_modulo_by_zero() return 1 % 0 end
function case.float_division_by_zero() return 1 / 0, -1 / 0, 1 // 0.0, -1 // 0.0 end
function case.modulo_signs()
    return 5 % 3, -5 % 3, 5 % -3, -5 % -3, 5.5 % 2, -5.5 % 2, 5.5 % -2, -0.0 % 2, 1 % math.huge, -1 % math.huge
end
function case.floor_division_signs() return 7 // 2, -7 // 2, 7 // -2, -7 // -2, 7.0 // 2, -7 // 2.0, 1e308 // 1e-308 end
function case.shifts() return 1 << 63, 1 << 64, 1 << -1, -1 >> 1, -1 >> 63, -1 >> 64, 1 >> -2, -1 << 100, 5 << 0 end
function case.bits_of_a_fraction() return 1.5 & 1 end
function case.bits_of_a_huge_float() return 2^64 | 0 end
function case.bits_of_a_string() return "3" & 1, "0x10" | 0, "7.0" ~ 1 end
function case.bits_of_a_bad_string() return "a" & 1 end
function case.bits_of_a_fraction_string() return "1.5" | 0 end
function case.strings_as_numbers()
    return "10" + 5, "0x10" * 2, " 3 " - 1, "1e1" / 2, "10" // "3", -"2", "5" % 3, "2" ^ 2
end
function case.strings_keep_integers() return math.type("10" + 5), math.type("10.0" + 5), math.type("1e1" + 0) end
function case.arithmetic_on_nil() local x; return x + 1 end
function case.arithmetic_on_a_table() return {} + 1 end
function case.arithmetic_on_a_bad_string() return "abc" + 1 end
function case.arithmetic_on_a_field() local t = {}; return t.count + 1 end
function case.concat_a_nil() return "a" .. nil end
function case.concat_numbers() return 1 .. 2, 1.0 .. "", -0.0 .. "", 2^53 .. "", 1e100 .. "" end
function case.compare_mixed()
    return 1 == 1.0, 1 < 1.5, math.maxinteger < 2^63, math.maxinteger + 0.0 == math.maxinteger,
        math.mininteger == -2^63
end
function case.compare_nan()
    local nan = 0 / 0
    return nan == nan, nan ~= nan, nan < 1, nan > 1, nan <= nan, not (nan < nan)
end
function case.compare_strings()
    return "a" < "b", "a" < "B", "" < "a", "a\0b" < "a\0c", "a\0" > "a", "Z" < "a", "10" < "9"
end
function case.compare_number_and_string() return 1 < "2" end
function case.compare_tables() return {} < {} end
function case.compare_nil() return nil < 1 end
function case.equality_of_kinds() return 1 == "1", "1" == 1, nil == false, {} == {}, print == print end
function case.precedence()
    return 2 + 3 * 4 ^ 2 / 2, -2 ^ 2, not nil == true, 1 .. 2 == "12", 2 ^ 3 ^ 2, 1 << 2 + 1, 5 & 3 == 1 == nil
end
function case.logic() return nil and 1, false or "x", 1 and 2, nil or false, not 0, not "", 1 and nil or 3 end
function case.precise_loops_of_floats() local n = 0 for x = 0, 1, 0.1 do n = n + 1 end return n end
function case.numeric_for_at_the_edge()
    local n = 0
    for i = math.maxinteger - 2, math.maxinteger do n = n + 1 end
    for i = math.mininteger + 2, math.mininteger, -1 do n = n + 1 end
    return n
end
function case.numeric_for_with_a_float_limit() local t = {} for i = 1, 3.9 do t[#t + 1] = i end return t end
function case.numeric_for_with_step_zero() for _ = 1, 2, 0 do end end
function case.numeric_for_with_a_string() for _ = "1", 2 do end end
function case.numeric_for_with_nan() local n = 0 for _ = 1, 0 / 0 do n = n + 1 end return n end
function case.tonumber_of_strings()
    local out = {}
    for i, s in ipairs {
        "0", "-0", "1", " 1 ", "1.0", "1.", ".5", "5e1", "1e", "0x", "0x1", "0xA.8", "0x1p4", "0x.1p-3", "1e400",
            "-1e400", "0x1p-1074",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
            "0xffffffffffffffff",
        "0x1ffffffffffffffff", "1 2", "1a", "", " ", "nan", "inf", "1e5000", "0.1e-400", "1_000", "٣", "1\0", "0b1",
            "1e+", "--1", "+1",
        "4.9406564584124654e-324", "2.4703282292062327e-324", "1.7976931348623157e308", "1.7976931348623159e308",
            "123456789012345678901234567890",
    } do
        out[i] = tonumber(s)
        if out[i] == nil then out[i] = "no number" end
    end
    return out
end
function case.tonumber_with_bases()
    return tonumber("ff", 16), tonumber("zz", 36), tonumber("-101", 2), tonumber("8", 8),
        tonumber("7fffffffffffffff", 16),
           tonumber("ffffffffffffffff", 16), tonumber("1e1", 16), tonumber(" 11 ", 2), tonumber("1.0", 10)
end
function case.tonumber_with_a_bad_base() return tonumber("1", 99) end
function case.tonumber_of_a_number_with_a_base() return tonumber(10, 16) end
function case.tonumber_of_other_kinds() return tonumber(nil), tonumber({}), tonumber(true) end
function case.tonumber_of_nothing() return tonumber() end
function case.literals()
    return 0xff, 0xA.8p0, 0x.8p1, 1e2, .5, 3., 0x7fffffffffffffff, 0xffffffffffffffff, 9223372036854775807,
        9223372036854775808, 1e-10,
           0x1p-1074, 1e999, 123456789012345678
end
function case.fibonacci_with_overflow()
    local a, b = 0, 1
    for _ = 1, 200 do a, b = b, a + b end
    return a
end

return case
