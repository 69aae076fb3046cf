-- SPDX-License-Identifier: BSD-2-Clause
-- CVE-2014-5461 and its kin: counts that overflow, and stacks that cannot hold what is asked for.
local cases = require "cases"
local min, max = math.mininteger, math.maxinteger
return cases((...), {
    {"the whole range of integers", "too many results", function() return table.unpack({}, min, max) end},
    {"a count of 2^31", "too many results", function() return table.unpack({}, 1, 2 ^ 31) end},
    {"a count of 2^31 - 1", "too many results", function() return table.unpack({}, 1, 2 ^ 31 - 1) end},
    {"a count that wraps to one", "too many results", function() return table.unpack({}, 0, max) end},
    {"at the end of the range", true, function() assert(select("#", table.unpack({}, max, max)) == 1) end},
    {"at both ends", true, function() assert(select("#", table.unpack({}, max, min)) == 0) end},
    {"a length that __len makes up", "too many results", function()
        return table.unpack(setmetatable({}, {__len = function() return max end}))
    end},
    {"as arguments, to the last slot", true, function() assert(select("#", table.unpack({}, 1, 60000)) == 60000) end},
    {"string.byte of everything", "string slice too long", function() return (("x"):rep(200000)):byte(1, -1) end},
    {"utf8.codepoint of everything", "string slice too long", function() return utf8.codepoint(("x"):rep(200000), 1, -1) end},
})
