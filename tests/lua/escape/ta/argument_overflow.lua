-- SPDX-License-Identifier: BSD-2-Clause
-- Arguments at the ends of their ranges.
local cases = require "cases"
local min, max = math.mininteger, math.maxinteger
return cases((...), {
    {"table.concat at the end of the range", "invalid value", function() return table.concat({}, "", max - 1, max) end},
    {"string.sub", true, function() assert(("abc"):sub(min, max) == "abc" and ("abc"):sub(max, min) == "") end},
    {"string.rep of a negative count", true, function() assert(("x"):rep(min) == "") end},
    {"string.rep whose length overflows", "too large", function() return ("xx"):rep(max) end},
    {"string.rep whose separator overflows", "too large", function() return (""):rep(max, "xx") end},
    {"string.format with a width of five digits", "invalid conversion", function() return ("%99999d"):format(1) end},
    {"string.format with a precision of five digits", "invalid conversion", function() return ("%.99999f"):format(1) end},
    {"string.format of the longest number", true, function() assert(#("%.99f"):format(-1.7976931348623157e308) == 410) end},
    {"string.format ends in its conversion", "invalid conversion", function() return ("%"):format(1) end},
    {"a pattern that ends in %", "malformed pattern", function() return ("a"):find("%") end},
    {"a pattern with an open class", "malformed pattern", function() return ("a"):find("[a") end},
    {"a pattern with an open class and a range", "malformed pattern", function() return ("a"):find("[a-") end},
    {"a pattern with an open class and %", "malformed pattern", function() return ("a"):find("[a%") end},
    {"a pattern with half a balance", "malformed pattern", function() return ("a"):find("%b") end},
    {"a pattern with a frontier at the end", "missing '['", function() return ("a"):find("%f") end},
    {"a capture that does not exist", "invalid capture", function() return ("a"):find("%1") end},
    {"33 captures", "too many captures", function() return ("a"):rep(40):find(("(a)"):rep(33)) end},
    {"string.pack of 17 bytes", "out of limits", function() return string.pack("i17", 1) end},
    {"string.pack of an alignment of 3", "power of 2", function() return string.pack("!3 Xi3", 1) end},
    {"string.packsize of what has no size", "variable", function() return string.packsize("s") end},
    {"string.unpack behind the end", "out of string", function() return string.unpack("b", "abc", 5) end},
    {"string.unpack of more than there is", "too short", function() return string.unpack("c2147483647", "abc") end},
    {"string.unpack of a length that lies", "too short", function() return string.unpack("s8", ("\xff"):rep(16)) end},
    {"string.unpack of a zero that is missing", "unfinished string", function() return string.unpack("z", "abc") end},
    {"utf8.char of too much", "out of range", function() return utf8.char(0x80000000) end},
    {"utf8.offset from nowhere", "out of bounds", function() return utf8.offset("abc", 1, max) end},
    {"table.insert at a position that wraps", "out of bounds", function() table.insert({}, min, 1) end},
    {"table.remove at a position that wraps", "out of bounds", function() table.remove({1, 2}, max) end},
    {"table.move that wraps", "too many elements", function() table.move({}, min, max, 1) end},
    {"table.move to where it wraps", "wrap around", function() table.move({}, 1, 2, max) end},
    {"select from far behind", "out of range", function() return select(min, 1) end},
    {"a for loop to the end of the range", true, function()
        local n = 0
        for i = max - 2, max do n = n + 1 assert(i > 0) end
        assert(n == 3)
    end},
    {"math.random of an empty range", "interval is empty", function() return math.random(2, 1) end},
    {"division of the smallest integer by -1", true, function() assert(min // -1 == min and min % -1 == 0) end},
    {"tostring of the smallest integer", true, function() assert(tostring(min) == "-9223372036854775808") end},
})
