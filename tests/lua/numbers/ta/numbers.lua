-- SPDX-License-Identifier: BSD-2-Clause
-- Differential test of numbers: text from numbers, numbers from text, exact arithmetic. The same file runs in the TEE
-- and under stock Lua, and everything in it must come out the same, to the byte.
--
--     local digest, texts = numbers(block [, detail])
--
-- block: which part of the endless random sequence, from 1. digest: over all text the block made. detail: also return
-- that text, one string a value, to find a difference. VALUES doubles and VALUES integers make a block.
local block, detail = ...
local VALUES = 250

local format, pack, unpack = string.format, string.pack, string.unpack
local concat, floor = table.concat, math.floor

local state = (block * 0x2545f4914f6cdd1d) ~ 0x1234567
local function random()
    state = state ~ (state << 13)
    state = state ~ (state >> 7)
    state = state ~ (state << 17)
    return state * 0x2545f4914f6cdd1d
end
local function below(bound)
    return (random() >> 33) % bound
end
local function from_bits(bits)
    return (unpack("<d", pack("<i8", bits)))
end
local function bits_of(value)
    return (unpack("<i8", pack("<d", value)))
end

-- The sign of a NaN that arithmetic makes is the processor's choice.
local nan = from_bits(0x7ff8000000000000)
local function settled(value)
    if value ~= value then return nan end
    return value
end

local special = {
    0, 1 << 63, 0x7ff << 52, 0xfff << 52, 0x7ff8 << 48, 0xfff8 << 48, 0x7ff0000000000001, -1, 1, 2, 0x000fffffffffffff,
    0x0010000000000000, 0x7fefffffffffffff, 0xffefffffffffffff, 0x3ff0000000000000, 0x3fb999999999999a,
    0x4340000000000000, 0x43e0000000000000, 0xc3e0000000000000, 0x43dfffffffffffff, 0x44b52d02c7e14af6,
    0x3fe0000000000000, 0x4004000000000000,
}
local powers = { 1e0, 1e1, 1e2, 1e3, 1e5, 1e10, 1e15, 1e16, 1e20, 1e22, 1e100, 1e300 }

local doubles = {
    function() return from_bits(random()) end,
    function() return from_bits(random() >> (12 + below(52))) end, -- denormal
    function() return from_bits((below(2047) << 52) + below(5) - 2) end, -- beside a power of two
    function() return (random() >> (11 + below(52))) / powers[1 + below(#powers)] end,
    function() return (random() >> (11 + below(52))) * powers[1 + below(#powers)] end,
    function() return ((random() >> (20 + below(43))) + 0.5) / (1 << below(30)) end, -- rounding has to choose
    function() return from_bits((random() & ((1 << 52) - 1)) | (983 + below(100)) << 52) end,
    function() return -from_bits((random() & ((1 << 52) - 1)) | (983 + below(100)) << 52) end,
    function() return from_bits(special[1 + below(#special)]) end,
}

local function random_format(flags, conversions)
    local parts = { "%" }
    for i = 1, #flags do
        if below(3) == 0 then parts[#parts + 1] = flags:sub(i, i) end
    end
    if below(2) == 0 then parts[#parts + 1] = 1 + below(99) end
    if below(4) ~= 0 then parts[#parts + 1] = "." .. below(below(3) == 0 and 100 or 20) end
    local i = 1 + below(#conversions)
    parts[#parts + 1] = conversions:sub(i, i)
    return concat(parts)
end

-- glibc 2.36 itself is wrong about some %#g: no # for g here.
local function double_text(x, y, out)
    out[1] = format("%.14g", x)
    out[2] = format("%.17g", x)
    out[3] = format("%.3f", x)
    out[4] = format("%.99f", x)
    out[5] = format("%a", x)
    out[6] = format("%e", x)
    out[7] = format("%q", settled(x))
    out[8] = tostring(x)
    out[9] = format(random_format("-+#0 ", "aAeEf"), x)
    out[10] = format(random_format("-+0 ", "gG"), x)
    out[11] = "k" .. x
    -- back: what was printed, shortened, with digits to spare, and in hexadecimal
    for i = 1, 6 do
        local number = tonumber(out[i])
        if not number then
            out[11 + i] = "?"
        else
            out[11 + i] = number == x and "=" or math.type(number) == "integer" and number or bits_of(number)
        end
    end
    out[18] = bits_of(settled(x + y))
    out[19] = bits_of(settled(x * y))
    out[20] = bits_of(settled(x / y))
    out[21] = bits_of(settled(x % y))
    out[22] = bits_of(settled(x // y))
    out[23] = bits_of(settled(x ^ 2))
    out[24] = bits_of(settled(math.fmod(x, y)))
    out[25] = bits_of(settled(math.sqrt(x)))
    out[26] = tostring(math.tointeger(x))
    out[27] = x == x and tostring(floor(x)) or ""
    out[28] = x == x and tostring(math.ceil(x)) or ""
    local whole, fraction = math.modf(settled(x))
    out[29] = tostring(whole)
    out[30] = bits_of(settled(fraction))
    out[31] = tostring(x < y) .. tostring(x <= y) .. tostring(x == y)
    out[32] = x == x and bits_of(unpack("<f", pack("<f", x))) or ""
end

local function integer()
    local value = random() >> below(64)
    local kind = below(20)
    if kind == 0 then return math.mininteger elseif kind == 1 then return math.maxinteger end
    return kind % 2 == 0 and value or -value
end

local function integer_text(a, b, x, out)
    if b == 0 then b = 7 end
    out[1] = tostring(a)
    out[2] = format("%d", a)
    out[3] = format("%x", a)
    out[4] = format(random_format("-+0 ", "di"), a)
    out[5] = format(random_format("-#0", "oxX"), a)
    out[6] = format("%5.1f", a)
    out[7] = format("%q", a)
    out[8] = tonumber(out[1]) == a and "=" or "?"
    out[9] = tonumber("0x" .. out[3]) == a and "=" or "?"
    out[10] = tostring(tonumber(out[1] .. "0"))
    out[11] = a + b
    out[12] = a * b
    out[13] = a // b
    out[14] = a % b
    out[15] = a & b
    out[16] = a >> (b & 127)
    out[17] = bits_of(a / b)
    out[18] = bits_of(settled(a + x))
    out[19] = bits_of(settled(a % x))
    out[20] = bits_of(settled(a // x))
    out[21] = tostring(a < x) .. tostring(a <= x) .. tostring(x < a) .. tostring(a == x)
    out[22] = tostring(math.ult(a, b))
    out[23] = bits_of(a + 0.0)
    out[24] = math.fmod(a, b)
    out[25] = "7" + (a >> 1)
    out[26] = tostring(tonumber(format("%x", a), 16))
    out[27] = format("%c", a & 127)
    out[28] = format(random_format("-", "s"), out[2])
end

local digest = block
local words = "<" .. ("i8"):rep(8)
local function absorb(text)
    local h = digest ~ #text
    text = text .. ("\0"):rep(-#text % 64)
    for i = 1, #text, 64 do
        local a, b, c, d, e, f, g, j = unpack(words, text, i)
        h = ((h ~ a) * 0x100000001b3 ~ b) * 0x100000001b3
        h = ((h ~ c) * 0x100000001b3 ~ d) * 0x100000001b3
        h = ((h ~ e) * 0x100000001b3 ~ f) * 0x100000001b3
        h = ((h ~ g) * 0x100000001b3 ~ j) * 0x100000001b3
        h = h ~ h >> 29
    end
    digest = h
end

local texts = detail and {}
local out_double, out_integer = {}, {}
for i = 1, VALUES do
    local x, y = doubles[1 + i % #doubles](), doubles[1 + below(#doubles)]()
    double_text(x, y, out_double)
    integer_text(integer(), integer(), y, out_integer)
    local text = concat(out_double, "|")
    absorb(text)
    local text2 = concat(out_integer, "|")
    absorb(text2)
    if detail then
        texts[2 * i - 1] = text
        texts[2 * i] = text2
    end
end
return digest, texts
