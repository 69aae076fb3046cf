-- SPDX-License-Identifier: BSD-2-Clause
-- The utf8 library (manual 6.5).
local case = {}

function case.char() return utf8.char(), utf8.char(72, 228, 8364, 128512), utf8.char(0x7FFFFFFF), utf8.char(0) end
function case.char_out_of_range() return utf8.char(-1) end
function case.charpattern() return utf8.charpattern end
function case.len()
    return utf8.len(""), utf8.len("äöü"), utf8.len("€uro"), utf8.len("abc", 2), utf8.len("äöü", -2)
end
function case.len_of_a_range() return utf8.len("äöü", 1, 2), utf8.len("abc", 4), utf8.len("abc", 2, 1) end
function case.len_invalid()
    return utf8.len("a\xff"), select(2, utf8.len("ab\xff")), utf8.len("\xc0\x80"), utf8.len("\xed\xa0\x80")
end
function case.len_lax()
    return utf8.len("\u{D800}", 1, -1, true), utf8.len("\u{7FFFFFFF}", 1, -1, true), utf8.len("\u{7FFFFFFF}")
end
function case.len_out_of_bounds() return utf8.len("abc", 6) end
function case.codepoint() return utf8.codepoint("äöü", 1, -1) end
function case.codepoint_invalid() return utf8.codepoint("\xff") end
function case.codepoint_out_of_bounds() return utf8.codepoint("a", 3) end
function case.offset()
    return utf8.offset("äöü", 1), utf8.offset("äöü", 2), utf8.offset("äöü", 4), utf8.offset("äöü", 5),
        utf8.offset("äöü", -1), utf8.offset("äöü", 0, 4)
end
function case.offset_continuation() return utf8.offset("äöü", 1, 2) end
function case.codes() local t = {} for p, c in utf8.codes("aä€😀") do t[#t + 1] = {p, c} end return t end
function case.codes_invalid() for _ in utf8.codes("a\xffb") do end end
function case.codes_lax() local n = 0 for _ in utf8.codes("\u{D800}\u{7FFFFFFF}", true) do n = n + 1 end return n end
function case.gmatch_by_pattern()
    local t = {} for c in ("aä€"):gmatch(utf8.charpattern) do t[#t + 1] = c end
    return t
end

return case
