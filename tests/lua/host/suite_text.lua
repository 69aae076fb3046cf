-- SPDX-License-Identifier: BSD-2-Clause
-- tee.hex and tee.base64 (RFC 4648), tee.equal, tee.random, tee.supports.

local service = require "service"
local test = require "test"
local case, equal, raises_text = test.case, test.equal, test.raises_text

local RANDOM_MAX = 65536

-- RFC 4648, section 10; base64 of both kinds, base16.
local examples = {
    {"", "", "", ""},
    {"f", "Zg==", "Zg", "66"},
    {"fo", "Zm8=", "Zm8", "666f"},
    {"foo", "Zm9v", "Zm9v", "666f6f"},
    {"foob", "Zm9vYg==", "Zm9vYg", "666f6f62"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE", "666f6f6261"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy", "666f6f626172"},
    {"\xfb\xff\xfe", "+//+", "-__-", "fbfffe"},
}

case("RFC 4648: examples", function()
    for _, e in ipairs(examples) do
        equal(service.base64.encode(e[1]), e[2])
        equal(service.base64.decode(e[2]), e[1])
        equal(service.base64.encode(e[1], "url"), e[3])
        equal(service.base64.decode(e[3], "url"), e[1])
        equal(service.hex.encode(e[1]), e[4])
        equal(service.hex.decode(e[4]), e[1])
        equal(service.hex.decode(e[4]:upper()), e[1])
    end
end)

case("all bytes, at every length, there and back", function()
    equal(test.tee([[
        local text = {}
        for i = 0, 255 do text[i + 1] = string.char(i) end
        text = table.concat(text):rep(2)
        for size = 0, 300 do
            local part = text:sub(200 - size // 2, 199 - size // 2 + size)
            if tee.hex.decode(tee.hex.encode(part)) ~= part then return "hex", size end
            for _, kind in ipairs {"standard", "url"} do
                if tee.base64.decode(tee.base64.encode(part, kind), kind) ~= part then return kind, size end
            end
        end]]), nil)
end)

-- Which single characters are digits: what any other decoder would say.
case("hex: each byte is a digit, or is refused", function()
    local digits = test.tee([[
        local digits = ""
        for c = 0, 255 do
            local s = string.char(c)
            local first, second = tee.hex.decode(s .. "0"), tee.hex.decode("0" .. s)
            assert((first == nil) == (second == nil))
            if first then
                assert(first:byte() == tonumber(s, 16) << 4 and second:byte() == tonumber(s, 16))
                digits = digits .. s
            end
        end
        return digits]])
    equal(digits, "0123456789ABCDEFabcdef")
end)

for kind, last in pairs {standard = "+/", url = "-_"} do
    case("base64, " .. kind .. ": each byte is a character, or is refused", function()
        local found = test.tee([[
            local kind, found = ..., {}
            for c = 0, 255 do
                for place = 1, 4 do
                    local group = ("A"):rep(place - 1) .. string.char(c) .. ("A"):rep(4 - place)
                    local data = tee.base64.decode(group, kind)
                    if data and #data == 3 then -- not padding
                        local value = string.unpack(">I3", data) >> (24 - 6 * place)
                        assert(not found[value] or found[value] == string.char(c))
                        found[value] = string.char(c)
                    end
                end
            end
            return found[0] .. table.concat(found)]], kind)
        equal(found, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" .. last)
    end)
end

case("hex: invalid text is rejected", function()
    test.results(table.pack(service.hex.decode("abc")), nil, "hex: an odd number of digits")
    for _, text in ipairs {"0x", "zz", "0 ", "  ", "a\n", "\0\0", "é"} do
        test.results(table.pack(service.hex.decode(text)), nil, "hex: not a digit of 0-9 a-f A-F")
    end
end)

case("base64: invalid text is rejected", function()
    for _, text in ipairs {
        "Z", "Zg", "Zg=", "Zg===", "=", "==", "===", "====", "Z===", "Zm9v=", "Zm9v====", "Zg==Zg==", "Zg=g", "=Zg=",
        "Zm9v\n", "Zm9 v===", "Zm-_", "Zh==", "Zm9=", "Zm\0v", "Zm9vé===",
    } do
        local data, why = service.base64.decode(text)
        equal(data, nil, text)
        test.contains(why, "base64: ")
    end
    for _, text in ipairs {"Z", "Zm9vY", "Zg==", "Zm8=", "Zm+/", "Zh", "Zm9", "Zm9v=", "Zm 8"} do
        local data, why = service.base64.decode(text, "url")
        equal(data, nil, text)
        test.contains(why, "base64: ")
    end
    raises_text("invalid option 'mime'", service.base64.encode, "x", "mime")
    raises_text("invalid option 'mime'", service.base64.decode, "x", "mime")
end)

case("only strings", function()
    for _, f in ipairs {service.hex.encode, service.hex.decode, service.base64.encode, service.base64.decode} do
        raises_text("string expected, got number", f, 12)
        raises_text("string expected, got nil", f, nil)
        raises_text("string expected, got table", f, {})
    end
end)

case("equal", function()
    local is = service.equal
    equal(is("", ""), true)
    equal(is("abc", "abc"), true)
    equal(is("abc", "abd"), false)
    equal(is("abc", "ab"), false)
    equal(is("", "\0"), false)
    equal(is("a\0b", "a\0c"), false)
    local long = service.count(0, 1000)
    equal(is(long, long), true)
    for wrong in service.damaged(service.count(0, 40)) do equal(is(service.count(0, 40), wrong), false) end
    raises_text("string expected, got number", is, 1, "1")
    raises_text("string expected, got nil", is, "a", nil)
end)

case("random: as many bytes as asked for, RANDOM_MAX at most", function()
    for _, size in ipairs {0, 1, 2, 31, 32, 33, 1000, RANDOM_MAX} do equal(#service.random(size), size) end
    for _, size in ipairs {-1, RANDOM_MAX + 1, math.mininteger, math.maxinteger} do
        raises_text("from 0 to 65536 expected", service.random, size)
    end
    raises_text("number expected, got nil", service.random, nil)
    raises_text("number has no integer representation", service.random, 1.5)
end)

case("random: looks like it", function()
    test.ok(service.random(16) ~= service.random(16))
    -- Each of 256 values 256 times on average, with a standard deviation of 16: 8 of those are never seen.
    local counts = {}
    for c in service.random(RANDOM_MAX):gmatch(".") do counts[c] = (counts[c] or 0) + 1 end
    for c = 0, 255 do
        local n = counts[string.char(c)] or 0
        test.ok(n > 128 and n < 384, "byte " .. c .. " came " .. n .. " times")
    end
end)

case("supports: what this version has names for is all there", function()
    for _, name in ipairs {
        "sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512", "hmac-sha1", "hmac-sha256", "hmac-sha384",
        "hmac-sha512", "hkdf-sha1", "hkdf-sha256", "hkdf-sha512", "pbkdf2-sha1", "pbkdf2-sha256", "aes-gcm", "aes-ccm",
        "aes-ctr", "aes-cbc",
    } do
        equal(service.supports(name), true, name)
    end
    equal(service.supports("aes-gcm", "sha256", "hmac-sha512"), true)
end)

case("supports: nothing else is", function()
    for _, name in ipairs {
        "", "md5", "sha1", "hmac-", "hmac-md5", "hmac-sha3-256", "hkdf", "hkdf-", "sha256 ", "SHA256", "aes-gcm\0",
        "rot13",
    } do
        equal(service.supports(name), false, name)
        equal(service.supports("sha256", name), false)
        equal(service.supports(name, "sha256"), false)
    end
    raises_text("string expected", service.supports)
    raises_text("string expected", service.supports, "sha256", {})
end)
