-- SPDX-License-Identifier: BSD-2-Clause
-- Bytecode is not checked by Lua: a malformed chunk reads and writes any memory.
local cases = require "cases"
local header = "\27Lua\x54\0\x19\x93\r\n\x1a\n\4\8\8"
return cases((...), {
    {"load of a bytecode header", true, function() assert(not load(header)) end},
    {"in mode b", true, function() assert(not load(header, "x", "b")) end},
    {"in mode bt", true, function() assert(not load(header, "x", "bt")) end},
    {"the escape byte alone", true, function() assert(not load("\27")) end},
    {"in pieces", true, function()
        local i = 0
        assert(not load(function() i = i + 1 return header:sub(i, i) end, "x", "b"))
    end},
    {"after a comment line", true, function() assert(not load("#\n" .. header)) end},
    {"string.dump", "nil", function() return string.dump(function() end) end},
    {"string.dump by a string's method", "nil", function() return ("").dump(function() end) end},
})
