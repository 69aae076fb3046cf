-- SPDX-License-Identifier: BSD-2-Clause
-- Worst inputs of string and utf8.
local shapes = require "shapes"
local K, M = shapes.K, shapes.M
local inputs = {}

-- f over one long string, once for each round.
local function long(f, unit, size)
    return function(loop)
        local s = shapes.bytes(unit or "x", size or 3 * M)
        loop(function() f(s) end)
    end
end
local function often(f, count)
    return function(loop)
        loop(function() for i = 1, count or 1000 do f(i) end end)
    end
end

inputs["string.byte"] = long(function(s) return s:byte(1, 60000) end)
inputs["string.char"] = function(loop)
    local t = shapes.list(60000, 65)
    loop(function() string.char(table.unpack(t)) end)
end
inputs["string.find: plain, almost everywhere"] = function(loop)
    local s = shapes.bytes("a", 2 * M)
    local what = ("a"):rep(64 * K) .. "b"
    loop(function() s:find(what, 1, true) end)
end
inputs["string.find: repetitions without end"] = function(loop)
    local s, pattern = ("a"):rep(1000), (".-"):rep(12) .. "b"
    loop(function() s:find(pattern) end)
end
inputs["string.find: greedy repetitions"] = function(loop)
    local s, pattern = ("a"):rep(1000), ("a*"):rep(12) .. "b"
    loop(function() s:find(pattern) end)
end
inputs["string.find: a repetition at each place"] = long(function(s) return s:find("x*y") end, "x", 64 * K)
inputs["string.find: optional items"] = long(function(s) return s:find(("x?"):rep(30) .. "y") end, "x", K)
inputs["string.find: balanced"] = long(function(s) return s:find("%b()") end, "(", 64 * K)
inputs["string.find: frontier"] = long(function(s) return s:find("%f[%d]") end)
inputs["string.find: a large set"] = function(loop)
    local s, set = ("x"):rep(64 * K), "[" .. ("a-b"):rep(20000) .. "]"
    loop(function() s:find(set) end)
end
inputs["string.find: a large set that repeats"] = function(loop)
    local s, set = ("x"):rep(64 * K), "[^" .. ("a-b"):rep(20000) .. "]*y"
    loop(function() s:find(set) end)
end
inputs["string.find: back references"] = long(function(s) return s:find("(x*)%1y") end, "x", 8 * K)
inputs["string.find: a long pattern"] = function(loop)
    local s, pattern = shapes.bytes("x", M), ("x"):rep(64 * K) .. "y"
    loop(function() s:find(pattern) end)
end
inputs["string.format: %s"] = long(function(s) return ("%s"):format(s) end, "x", 2 * M)
inputs["string.format: %q"] = long(function(s) return ("%q"):format(s) end, "\0", M)
inputs["string.format: %q of quotes"] = long(function(s) return ("%q"):format(s) end, "\"", M)
inputs["string.format: floats"] = often(function(i) return ("%.99f"):format(i * 1e300) end)
inputs["string.format: hexadecimal floats"] = often(function(i) return ("%.99a"):format(i / 3) end)
inputs["string.format: many items"] = function(loop)
    local format, t = ("%99.99d"):rep(10000), shapes.list(10000)
    loop(function() format:format(table.unpack(t)) end)
end
inputs["string.format: addresses"] = often(function() return ("%p"):format({}) end)
inputs["string.format: a long format"] = long(function(s) return s:format() end, "%%")
inputs["string.gmatch"] = long(function(s) s:gmatch("x*y")() end, "x", 64 * K)
inputs["string.gmatch: empty matches"] = long(function(s) for _ in s:gmatch("") do end end, "x", 64 * K)
inputs["string.gsub: a repetition at each place"] = long(function(s) return s:gsub("x*y", "") end, "x", 64 * K)
inputs["string.gsub: long replacements"] = function(loop)
    local s, by = ("x"):rep(1000), ("y"):rep(2000)
    loop(function() s:gsub("x", by) end)
end
inputs["string.gsub: escaped replacements"] = function(loop)
    local s, by = ("x"):rep(64), ("%0"):rep(10000)
    loop(function() s:gsub("x", by) end)
end
inputs["string.gsub: a table"] = long(function(s) return s:gsub(".", {x = "yy"}) end, "x", 256 * K)
inputs["string.gsub: a function"] = long(function(s) return s:gsub(".", function() end) end, "x", 64 * K)
inputs["string.gsub: nothing to replace"] = long(function(s) return s:gsub("y", "") end, "x", M)
inputs["string.len"] = often(function() return ("x"):len() end, 10000)
inputs["string.lower"] = long(string.lower, "X")
inputs["string.match"] = long(function(s) return s:match("(.-)y") end, "x", 64 * K)
inputs["string.match: positions"] = long(function(s) return s:match(("()"):rep(32) .. ".-y") end, "x", 64 * K)
inputs["string.pack: a long string"] = long(function(s) return string.pack("s", s) end, "x", 2 * M)
inputs["string.pack: a fixed size"] = often(function() return string.pack("c1000000", "") end, 1)
inputs["string.pack: many items"] = function(loop)
    local format, t = ("i16"):rep(10000), shapes.list(10000)
    loop(function() string.pack(format, table.unpack(t)) end)
end
inputs["string.pack: a long format"] = long(function(s) return string.pack(s) end, "<")
inputs["string.pack: alignment"] = function(loop)
    local format = ("!16Xi16"):rep(100000)
    loop(function() string.pack(format) end)
end
inputs["string.packsize"] = long(function(s) return string.packsize(s) end, "<b")
inputs["string.rep: one large string"] = often(function() return ("x"):rep(4 * M) end, 1)
inputs["string.rep: empty strings"] = often(function() return (""):rep(1 << 40) end, 1)
inputs["string.rep: short pieces with separators"] = often(function() return ("x"):rep(M, "y") end, 1)
inputs["string.reverse"] = long(string.reverse)
inputs["string.sub"] = long(function(s) return s:sub(2) end, "x", 3 * M)
inputs["string.unpack: a zero-terminated string"] = long(function(s) return string.unpack("z", s .. "\0") end, "x", 2 * M)
inputs["string.unpack: many items"] = function(loop)
    local s, format = ("x"):rep(60000), ("b"):rep(60000)
    loop(function() string.unpack(format, s) end)
end
inputs["string.upper"] = long(string.upper)

inputs["utf8.char"] = function(loop)
    local t = shapes.list(60000, 0x7fffffff)
    loop(function() utf8.char(table.unpack(t)) end)
end
inputs["utf8.codepoint"] = long(function(s) return utf8.codepoint(s, 1, 60000) end)
inputs["utf8.codes"] = long(function(s) for _ in utf8.codes(s) do end end, "\u{7ff}", 256 * K)
inputs["utf8.codes: continuation bytes"] = function(loop)
    local s = "x" .. shapes.bytes("\x80", 3 * M)
    loop(function() pcall(function() for _ in utf8.codes(s, true) do end end) end)
end
inputs["utf8.len"] = long(function(s) return utf8.len(s) end)
inputs["utf8.len: six bytes each"] = long(function(s) return utf8.len(s, 1, -1, true) end, utf8.char(0x7fffffff))
inputs["utf8.offset"] = long(function(s) return utf8.offset(s, 3 * M) end)
inputs["utf8.offset: continuation bytes"] = long(function(s) return pcall(utf8.offset, s, 0, 3 * M) end, "\x80")
inputs["utf8.offset: backwards"] = long(function(s) return utf8.offset(s, -2 * M) end)

return inputs
