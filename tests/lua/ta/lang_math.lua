-- SPDX-License-Identifier: BSD-2-Clause
-- The math library (manual 6.7). Functions whose last bit is the libm's affair are compared after rounding.
local case = {}

local function rounded(x) return string.format("%.13g", x) end

function case.constants() return math.pi, math.huge, math.maxinteger, math.mininteger end
function case.abs()
    return math.abs(-5), math.abs(-5.5), math.abs(math.mininteger), math.abs(-0.0), math.abs(-math.huge)
end
function case.ceil()
    return math.ceil(1.5), math.ceil(-1.5), math.ceil(3), math.ceil(2^70), math.ceil(-0.5), math.ceil(math.huge)
end
function case.floor()
    return math.floor(1.5), math.floor(-1.5), math.floor(3), math.floor(-2^70), math.floor(0.99999999999999999)
end
function case.fmod()
    return math.fmod(5, 3), math.fmod(-5, 3), math.fmod(5, -3), math.fmod(5.5, 2), math.fmod(-5.5, 2),
        math.fmod(1e300, 7), math.fmod(1, math.huge)
end
function case.fmod_by_zero() return math.fmod(1, 0) end
function case.fmod_of_mininteger() return math.fmod(math.mininteger, -1) end
function case.modf()
    return math.modf(3.7), math.modf(-3.7), math.modf(5), math.modf(math.huge), math.modf(-math.huge)
end
function case.modf_second()
    return select(2, math.modf(3.5)), select(2, math.modf(-3.5)), select(2, math.modf(math.huge))
end
function case.sqrt() return math.sqrt(2), math.sqrt(0), math.sqrt(1e300), math.sqrt(4), math.sqrt(5e-324) end
function case.exp() return rounded(math.exp(1)), rounded(math.exp(-1)), math.exp(0), math.exp(1000), math.exp(-1000) end
function case.log()
    return rounded(math.log(10)), math.log(8, 2), rounded(math.log(1000, 10)), math.log(1), math.log(0),
        rounded(math.log(27, 3))
end
function case.sin() return rounded(math.sin(1)), rounded(math.sin(0.5)), math.sin(0), rounded(math.sin(1e10)) end
function case.cos() return rounded(math.cos(1)), rounded(math.cos(0.5)), math.cos(0), rounded(math.cos(1e10)) end
function case.tan() return rounded(math.tan(1)), rounded(math.tan(0.5)), math.tan(0) end
function case.arc_functions()
    return rounded(math.asin(0.5)), rounded(math.acos(0.5)), rounded(math.atan(0.5)), rounded(math.atan(1, -1)),
        rounded(math.atan(-1, -1)), math.atan(0, 1)
end
function case.degrees() return math.deg(math.pi), math.rad(180), rounded(math.deg(1)), rounded(math.rad(1)) end
function case.max_min()
    return math.max(1, 2.5, -1), math.min(3, 1, 2), math.max(5), math.min(1, 1.0), math.max(1, 1.0)
end
function case.max_of_nothing() return math.max() end
function case.tointeger()
    return math.tointeger(3.0), math.tointeger(3.5), math.tointeger("8"), math.tointeger("x"), math.tointeger(2^63),
        math.tointeger(-2^63), math.tointeger({})
end
function case.type() return math.type(1), math.type(1.0), math.type("1"), math.type(nil), math.type({}) end
function case.type_of_nothing() return math.type() end
function case.ult() return math.ult(1, 2), math.ult(-1, 1), math.ult(1, -1) end
function case.random_with_a_seed()
    math.randomseed(42)
    local out = {}
    for i = 1, 20 do out[i] = math.random(1000) end
    out[21], out[22], out[23] = math.random(), math.random(0), math.random(-5, 5)
    return out
end
function case.random_with_two_seeds() math.randomseed(1, 2); return math.random(0), math.random(0) end
function case.random_ranges() return math.random(5, 5), math.type(math.random()), pcall(math.random, 2, 1) end
function case.random_with_too_many() return math.random(1, 2, 3) end
function case.random_of_the_whole_range() math.randomseed(7); return math.random(math.mininteger, math.maxinteger) end
function case.random_is_spread()
    local low, high = 1, 0
    for _ = 1, 1000 do
        local r = math.random()
        low, high = math.min(low, r), math.max(high, r)
    end
    return low >= 0, high < 1, low < 0.1, high > 0.9
end
function case.not_a_number() return math.sqrt("x") end
function case.integer_expected() return math.random(1.5) end
function case.numbers_as_strings() return math.floor("3.7"), math.abs("-5"), math.max("10", 9) end

return case
