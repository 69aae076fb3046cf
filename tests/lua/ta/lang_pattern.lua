-- SPDX-License-Identifier: BSD-2-Clause
-- Patterns: find, match, gmatch, gsub (manual 6.4.1).
local case = {}

function case.find()
    return ("hello"):find("l"), ("hello"):find("xyz"), ("hello"):find(""), ("hello"):find("", 10),
        ("hello"):find("l", -2)
end
function case.find_both() return ("hello"):find("l+") end
function case.find_captures() return ("key = value"):find("(%w+)%s*=%s*(%w+)") end
function case.find_plain()
    return ("a.b"):find(".", 1, true), ("a+b"):find("+", 1, true), ("a\0b"):find("\0", 1, true)
end
function case.find_after_the_end() return ("x"):find("", 2), ("x"):find("", 3) end
function case.match() return ("2024-01-31"):match("(%d+)-(%d+)-(%d+)") end
function case.match_whole() return ("  x "):match("^%s*(.-)%s*$"), ("abc"):match("b"), ("abc"):match("^b") end
function case.match_position() return ("hello"):match("()ll()") end
function case.classes()
    local s, out = "", {}
    for i = 0, 255 do s = s .. string.char(i) end
    for class in ("acdglpsuwxACDGLPSUWX"):gmatch(".") do
        out[class] = s:gsub("%" .. class, "")
    end
    return out
end
function case.sets()
    return ("a-b]c^"):gsub("[a%-%]^]", "."), ("abc"):gsub("[^b]", "."), ("x1y2"):gsub("[0-9]", "#"),
        ("[]"):gsub("[]]", "x"), ("a-"):gsub("[a-]", "x")
end
function case.repetitions()
    return ("aaa"):match("a*"), ("aaa"):match("a-"), ("aaa"):match("a+"), ("aaa"):match("^a-$"), ("b"):match("a?b")
end
function case.balanced() return ("f(a(b)c)d"):match("%b()"), ("((x)"):match("%b()"), ("xx"):match("%bxx") end
function case.frontier()
    return ("THE (quick) fox"):find("%f[%a]%a+%f[%A]"), ("hello world"):gsub("%f[%w]%w+", string.upper)
end
function case.back_references() return ('"it\'s" "x"'):match("([\"'])(.-)%1"), ("abab"):match("(ab)%1") end
function case.gmatch() local t = {} for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do t[k] = v end return t end
function case.gmatch_anchors() local t = {} for w in ("abc abc"):gmatch("^abc") do t[#t + 1] = w end return #t end
function case.gmatch_empty() local n = 0 for _ in ("abc"):gmatch("") do n = n + 1 end return n end
function case.gmatch_from() local t = {} for w in ("one two three"):gmatch("%a+", 5) do t[#t + 1] = w end return t end
function case.gsub_string()
    return ("hello"):gsub("l", "L"), ("hello"):gsub("(l)(l)", "%2%1%0%%"), ("abc"):gsub("%w", "%0%0")
end
function case.gsub_table() return ("$a $b $c"):gsub("%$(%w)", {a = "1", b = 2, c = false}) end
function case.gsub_function()
    return ("abc"):gsub("%w", function(c) if c == "b" then return nil end return c:upper() end)
end
function case.gsub_count()
    return ("aaaa"):gsub("a", "b", 2), ("aaaa"):gsub("a", "b", 0), ("aaaa"):gsub("a", "b", -1)
end
function case.gsub_empty() return ("abc"):gsub("", "-"), (""):gsub("", "-"), ("abc"):gsub("b*", "-") end
function case.gsub_anchor() return ("aaa"):gsub("^a", "b") end
function case.zero_bytes() return ("a\0b\0"):gsub("%z", "0"), ("a\0b"):match("a\0b"), ("\0"):match("[\0]") ~= nil end
function case.pattern_ends_in_percent() return ("x"):find("%") end
function case.missing_bracket() return ("x"):find("[a") end
function case.missing_paren() return ("x"):find("(x") end
function case.extra_paren() return ("x"):find("x)") end
function case.bad_back_reference() return ("x"):find("%1") end
function case.missing_balance() return ("x"):find("%b") end
function case.missing_frontier() return ("x"):find("%f") end
function case.invalid_replacement() return ("x"):gsub("x", "%2") end
function case.invalid_replacement_percent() return ("x"):gsub("x", "%a") end
function case.invalid_replacement_value() return ("x"):gsub("x", function() return {} end) end
function case.invalid_replacement_kind() return ("x"):gsub("x", 1 == 1) end
function case.too_many_captures() return ("x"):rep(40):find(("(x)"):rep(33)) end
function case.thirty_two_captures() return select("#", ("x"):rep(40):find(("(x)"):rep(32))) end
function case.long_subject() return #(("ab"):rep(20000):gsub("b", "")), (("ab"):rep(20000)):find("ba$") end
function case.pattern_too_complex() return pcall(string.match, ("x"):rep(300000), (".-"):rep(250) .. "y") end
function case.deep_captures() return pcall(string.find, ("x"):rep(10), ("x?"):rep(250) .. "$") end

return case
