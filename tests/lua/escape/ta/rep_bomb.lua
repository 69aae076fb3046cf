-- SPDX-License-Identifier: BSD-2-Clause
local cases = require "cases"
return cases((...), {
    {"an empty string 2^40 times", "out of fuel", function() return (""):rep(1 << 40) end},
    {"an empty string as often as possible", "out of fuel", function() return (""):rep(math.maxinteger) end},
    {"a terabyte", "too large", function() return ("x"):rep(1 << 40) end},
    {"a gigabyte", "not enough memory", function() return ("x"):rep(1 << 30) end},
    {"with a separator", "not enough memory", function() return (""):rep(1 << 30, "x") end},
    {"a megabyte, again and again", "out of fuel", function() while true do local _ = ("x"):rep(1 << 20) end end},
    {"of itself", "not enough memory", function() local s = "x" while true do s = s:rep(16) end end},
    {"in %s", "not enough memory", function() local s = ("x"):rep(1 << 16) while true do s = ("%s%s"):format(s, s) end end},
})
