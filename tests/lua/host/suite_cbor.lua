-- SPDX-License-Identifier: BSD-2-Clause
-- tee.cbor: the examples of RFC 8949, appendix A; the deterministic form and no other; what goes wrong.

local service = require "service"
local test = require "test"
local case, equal, raises_text = test.case, test.equal, test.raises_text

-- Encodes, inside the TEE, what this Lua expression is; as digits.
local function encoded(expression, mode)
    return test.tee("local text, array, null = tee.cbor.text, tee.cbor.array, tee.cbor.null " ..
        "return tee.hex.encode(tee.cbor.encode(" .. expression .. (mode and ", '" .. mode .. "'" or "") .. "))")
end

-- Decodes these digits inside the TEE and compares with an expression there.
local function decodes(digits, expression)
    local seen, wanted = test.tee([[
        local null = tee.cbor.null
        local function show(v)
            if v == null then return "null" end
            if type(v) == "number" and v ~= v then return "nan" end
            if type(v) ~= "table" then return math.type(v) == "float" and ("%a"):format(v) or ("%q"):format(v) end
            local parts = {}
            for key, value in pairs(v) do parts[#parts + 1] = show(key) .. "=" .. show(value) end
            table.sort(parts)
            return "{" .. table.concat(parts, ",") .. "}"
        end
        local digits, expression = ...
        local wanted = load("local null = tee.cbor.null return " .. expression, "=wanted", "t", _ENV)()
        local value, why = tee.cbor.decode(tee.hex.decode(digits))
        return why or show(value), show(wanted) ]], digits, expression)
    equal(seen, wanted, digits)
end

-- What Lua has a value for, in its deterministic form: appendix A of RFC 8949. Strings are text in the second list.
local examples = {
    {"0", "00"}, {"1", "01"}, {"10", "0a"}, {"23", "17"}, {"24", "1818"}, {"25", "1819"}, {"100", "1864"},
    {"1000", "1903e8"}, {"1000000", "1a000f4240"}, {"1000000000000", "1b000000e8d4a51000"}, {"-1", "20"}, {"-10", "29"},
    {"-100", "3863"}, {"-1000", "3903e7"}, {"math.maxinteger", "1b7fffffffffffffff"},
    {"math.mininteger", "3b7fffffffffffffff"}, {"0.0", "f90000"}, {"-0.0", "f98000"}, {"1.0", "f93c00"},
    {"1.1", "fb3ff199999999999a"}, {"1.5", "f93e00"}, {"65504.0", "f97bff"}, {"100000.0", "fa47c35000"},
    {"3.4028234663852886e+38", "fa7f7fffff"}, {"1.0e+300", "fb7e37e43c8800759c"}, {"5.960464477539063e-8", "f90001"},
    {"0.00006103515625", "f90400"}, {"-4.0", "f9c400"}, {"-4.1", "fbc010666666666666"}, {"1/0", "f97c00"},
    {"0/0", "f97e00"}, {"-1/0", "f9fc00"}, {"false", "f4"}, {"true", "f5"}, {"null", "f6"}, {"''", "40"},
    {"'\\1\\2\\3\\4'", "4401020304"}, {"array {}", "80"}, {"{1, 2, 3}", "83010203"},
    {"{1, {2, 3}, {4, 5}}", "8301820203820405"}, {"{}", "a0"}, {"{[1] = 2, [3] = 4}", "a201020304"},
    {"{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25}",
        "98190102030405060708090a0b0c0d0e0f101112131415161718181819"},
    -- Subnormal floats and those around the limits of each size.
    {"2.0^-14 - 2.0^-24", "f903ff"}, {"2.0^-25", "fa33000000"}, {"65520.0", "fa477ff000"}, {"2.0^-149", "fa00000001"},
    {"2.0^-150", "fb3690000000000000"}, {"2.0^128", "fb47f0000000000000"}, {"5e-324", "fb0000000000000001"},
    {"2.0^53 + 2.0", "fb4340000000000001"},
}
local texts = {
    {"''", "60"}, {"'a'", "6161"}, {"'IETF'", "6449455446"}, {"'\"\\\\'", "62225c"}, {"'\u{fc}'", "62c3bc"},
    {"'\u{6c34}'", "63e6b0b4"}, {"'\u{10151}'", "64f0908591"}, {"{a = 1, b = {2, 3}}", "a26161016162820203"},
    {"{'a', {b = 'c'}}", "826161a161626163"},
    {"{a = 'A', b = 'B', c = 'C', d = 'D', e = 'E'}", "a56161614161626142616361436164614461656145"},
}

case("RFC 8949, appendix A: encode", function()
    for _, e in ipairs(examples) do equal(encoded(e[1]), e[2], e[1]) end
    for _, e in ipairs(texts) do equal(encoded(e[1], "text"), e[2], e[1]) end
end)

case("RFC 8949, appendix A: decode", function()
    for _, e in ipairs(examples) do decodes(e[2], (e[1]:gsub("^array ", ""))) end
    for _, e in ipairs(texts) do decodes(e[2], e[1]) end
end)

-- Appendix A's items that are not in the deterministic form, or that Lua has nothing for, and mutilated ones.
local refused = {
    {"", "a truncated item"}, {"18", "a truncated item"}, {"1817", "shortest"}, {"190018", "shortest"}, {"1a0000ffff", "shortest"},
    {"1b00000000ffffffff", "shortest"}, {"1bffffffffffffffff", "more than 64 bits"},
    {"3bffffffffffffffff", "more than 64 bits"}, {"1b8000000000000000", "more than 64 bits"},
    {"c249010000000000000000", "a tag"}, {"d9d9f700", "a tag"}, {"fa7f800000", "shortest form"},
    {"fa3fc00000", "shortest form"}, {"fb3ff8000000000000", "shortest form"}, {"fa7fc00000", "shortest form"},
    {"f97e01", "shortest form"}, {"f97c01", "shortest form"}, {"f9fe00", "shortest form"}, {"f7", "simple value"},
    {"f0", "simple value"}, {"f8ff", "simple value"}, {"f814", "shortest"}, {"f818", "simple"},
    {"5f42010243030405ff", "indefinite"}, {"9fff", "indefinite"}, {"bfff", "indefinite"}, {"7f61ff", "indefinite"},
    {"ff", "indefinite"}, {"1c", "indefinite"}, {"fc", "indefinite"}, {"41", "a truncated string"},
    {"5803aabb", "shortest"}, {"5bffffffffffffffff", "a truncated string"}, {"81", "a truncated array"},
    {"8201", "a truncated array"}, {"9bffffffffffffffff00", "a truncated array"}, {"a1", "a truncated map"},
    {"a101", "a truncated map"}, {"bb8000000000000000", "a truncated map"}, {"a201", "a truncated map"},
    {"0000", "data after the value"}, {"f6f6", "data after the value"}, {"a203040102", "order"},
    {"a201020103", "order"}, {"a261620061616100", "order"}, {"a18001", "a key that is"}, {"a1a001", "a key that is"},
    {"a1f601", "a key that is"}, {"a1f97e0001", "a key that is"}, {"61ff", "UTF-8"}, {"62c328", "UTF-8"},
    {"63eda080", "UTF-8"}, {"62c080", "UTF-8"}, {"64f4908080", "UTF-8"}, {"63e08080", "UTF-8"}, {"61c3", "UTF-8"},
    {"6180", "UTF-8"}, {"64f0808080", "UTF-8"}, {"65f888808080", "UTF-8"}, {"a2416100616100", "the same in Lua"},
    {"a20100f93c0000", "the same in Lua"},
}

case("decode rejects messages that are not deterministic, or not complete", function()
    for _, e in ipairs(refused) do
        local value, why = service.cbor.decode(service.from_hex(e[1]))
        equal(value, nil, e[1])
        test.contains(why, e[2])
        test.contains(why, "cbor, byte ")
    end
end)

case("decode says where", function()
    equal(select(2, service.cbor.decode(service.from_hex "8301021817")), "cbor, byte 3: " ..
        "an indefinite length, or not the shortest form")
    equal(select(2, service.cbor.decode(service.from_hex "a2030401c100")), "cbor, byte 3: " ..
        "keys that are out of order, or a key that occurs twice")
    equal(select(2, service.cbor.decode(service.from_hex "0102")), "cbor, byte 1: data after the value")
end)

case("keys come in the order of their bytes", function()
    equal(encoded("{[10] = 1, [100] = 2, [-1] = 3, z = 4, aa = 5, [false] = 6}"), "a60a011864022003417a0442616105f406")
    equal(encoded("{[text 'z'] = 1, [text 'aa'] = 2, z = 3, [1.5] = 4}"), "a4417a03617a01626161" .. "02f93e0004")
    equal(test.tee([[
        local map = {}
        for i = -500, 500 do map[i * 7919 % 100003] = i map["k" .. i] = i end
        local data = tee.cbor.encode(map)
        local back = assert(tee.cbor.decode(data))
        for key, value in pairs(map) do assert(back[key] == value) end
        return data == tee.cbor.encode(back)]]), true)
end)

case("an array is known as one when it comes back", function()
    equal(test.tee("return tee.hex.encode(tee.cbor.encode(tee.cbor.decode('\\x82\\x80\\xa0')))"), "8280a0")
    equal(test.tee("local t = {} return rawequal(tee.cbor.array(t), t)"), true)
    equal(encoded("array {1, null, 3}"), "8301f603")
    equal(test.tee("return getmetatable(tee.cbor.array {})"), false)
    for _, t in ipairs {"{[2] = 1}", "{a = 1}", "{1, 2, [4] = 4}", "{1, x = 2}"} do
        raises_text("an array with other keys", encoded, "array " .. t)
    end
    raises_text("a table without a metatable", encoded, "array(setmetatable({}, {}))")
    raises_text("table expected", encoded, "array(1)")
end)

case("a table with holes is a map", function()
    equal(encoded("{1, nil, 3}"), "a201010303")
    equal(encoded("{[2] = 1}"), "a10201")
    equal(encoded("{1, 2, x = 3}"), "a301010202417803")
end)

case("text", function()
    equal(encoded("{text 'a', 'a', [text ''] = 1}"), "a3016161" .. "02416160" .. "01")
    equal(test.tee("return tostring(tee.cbor.text('h\\0llo'))"), "h\0llo")
    raises_text("UTF-8 expected", service.cbor.text, "\xff")
    raises_text("string expected, got number", service.cbor.text, 1)
    raises_text("text that is not UTF-8", encoded, "{x = {'\\xff'}}", "text")
    raises_text("two keys that are the same", encoded, "{[text 'a'] = 1, [text 'a'] = 2}")
    raises_text("two keys that are the same", encoded, "{[text 'a'] = 1, a = 2}", "text")
end)

case("encode refuses, and says where", function()
    raises_text("argument 1 .peers[3].self: cycle", test.tee,
        "local t = {} t.self = t tee.cbor.encode {peers = {1, 2, t}}")
    raises_text("argument 1 .f: functions and coroutines", encoded, "{f = print}")
    raises_text("argument 1 [2]: functions and coroutines", encoded, "{1, coroutine.create(print)}")
    raises_text("this userdata cannot be encoded", encoded, "{tee.digest('sha256')}")
    raises_text("only booleans, numbers, strings", encoded, "{[{}] = 1}")
    raises_text("only booleans, numbers, strings", encoded, "{[print] = 1}")
    raises_text("only booleans, numbers, strings", encoded, "{[null] = 1}")
    raises_text("this userdata cannot be encoded", encoded, "{[tee.digest('sha256')] = 1}")
    raises_text("value expected", test.tee, "tee.cbor.encode()")
    raises_text("invalid option", encoded, "1", "json")
    raises_text("string expected, got nil", service.cbor.decode, nil)
    raises_text("string expected, got number", service.cbor.decode, 1)
    equal(encoded("nil"), "f6")
end)

case("64 levels and no more", function()
    local nest = "local t = {} for i = 2, ... do t = {t} end return #tee.cbor.encode(t)"
    equal(test.tee(nest, 64), 64)
    raises_text("too deep: more than 64", test.tee, nest, 65)
    equal(service.cbor.decode(("\x81"):rep(63) .. "\x80") ~= nil, true)
    test.contains(select(2, service.cbor.decode(("\x81"):rep(64) .. "\x80")), "too deep: more than 64")
    test.contains(select(2, service.cbor.decode(("\x81"):rep(100000))), "too deep")
    test.contains(select(2, service.cbor.decode(("\xa1\x01"):rep(100000))), "too deep")
end)

case("large values", function()
    equal(test.tee([[
        local t = {}
        for i = 1, 20000 do t[i] = ("x"):rep(i % 60) end
        local back = tee.cbor.decode(tee.cbor.encode(t))
        for i = 1, 20000 do assert(back[i] == t[i]) end
        return #back]]), 20000)
    equal(test.tee("local s = ('x'):rep(300000) return tee.cbor.decode(tee.cbor.encode({s}))[1] == s"), true)
end)

case("every mutation of a message is refused or is another message", function()
    equal(test.tee([[
        local data = tee.cbor.encode {
            a = 1, b = {2, 3.5, "four", true}, [5] = {c = tee.cbor.null}, [tee.cbor.text("t")] = 1,
        }
        local count = 0
        for i = 1, #data do
            for bit = 0, 7 do
                local changed = data:sub(1, i - 1) .. string.char(data:byte(i) ~ (1 << bit)) .. data:sub(i + 1)
                local value = tee.cbor.decode(changed)
                if value ~= nil then
                    count = count + 1
                    assert(#tee.cbor.encode(value) <= #changed)
                    assert(tee.cbor.decode(tee.cbor.encode(value)) ~= nil)
                end
            end
            assert(tee.cbor.decode(data:sub(1, i - 1)) == nil)
        end
        return count > 0]]), true)
end)
