-- SPDX-License-Identifier: BSD-2-Clause
-- string.pack, unpack, packsize (manual 6.4.2).
local case = {}
local pack, unpack, size = string.pack, string.unpack, string.packsize

function case.integers()
    return pack("b", -1), pack("B", 255), pack("<h", 258), pack(">h", 258), pack("<i4", -2), pack(">I8", 1),
        pack("<j", math.mininteger),
           pack("<i3", 70000), pack(">i16", -3), pack("<I16", 5), pack("=I2", 1)
end
function case.integers_back()
    return unpack("b", "\255"), unpack("B", "\255"), unpack("<h", "\2\1"), unpack(">h", "\2\1"),
        unpack("<i3", "\255\255\255"),
           unpack(">i16", ("\255"):rep(16)), unpack("<I5", "\1\0\0\0\1")
end
function case.floats()
    return pack("<f", 1.5), pack("<d", 0.1), pack(">n", -1e300), pack("<d", math.huge), pack("<f", 1e300)
end
function case.floats_back()
    return unpack("<f", pack("<f", 0.1)), unpack("<d", pack("<d", 5e-324)), unpack(">d", pack(">d", -0.0))
end
function case.strings()
    return pack("z", "abc"), pack("<s1", "abc"), pack("<s4", ""), pack("c5", "abc"), pack("<s", "x")
end
function case.strings_back() return unpack("z", "abc\0def"), unpack("s1", "\3abcd"), unpack("c2", "abc") end
function case.alignment()
    return pack("<!4 b i4", 1, 2), pack("<!8 b Xd d", 1, 2.0), pack("<!2 b i8", 1, 2), size("!8 b d"),
        size("<b Xi4 i4")
end
function case.padding() return pack("<bxxb", 1, 2), unpack("<bxxb", "\1\0\0\2") end
function case.many() return unpack("<b h i4 z s1 d", pack("<b h i4 z s1 d", -1, -2, -3, "z", "s", 0.5)) end
function case.position() return unpack("b", "\1\2\3", 2), unpack("b", "\1\2\3", -1) end
function case.sizes()
    return size("b"), size("h"), size("i4"), size("i8"), size("j"), size("f"), size("d"), size("c10"),
        size("<!4 bi4"), size("n"), size("T"), size("l")
end
function case.size_of_variable() return size("s") end
function case.overflow() return pack("b", 128) end
function case.overflow_unsigned() return pack("B", -1) end
function case.unpack_too_large() return unpack("<i16", ("\255"):rep(8) .. ("\1"):rep(8)) end
function case.data_too_short() return unpack("i4", "abc") end
function case.bad_option() return pack("y", 1) end
function case.bad_size() return pack("i17", 1) end
function case.bad_alignment() return pack("!3 i4", 1) end
function case.string_too_long() return pack("c2", "abc") end
function case.string_with_zero() return pack("z", "a\0b") end
function case.unfinished() return unpack("z", "abc") end
function case.position_out_of_range() return unpack("b", "x", 3) end
function case.size_too_large() return pcall(size, "c2147483647c2147483647") end
function case.missing_size() return pack("c", "x") end

return case
