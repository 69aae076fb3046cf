-- SPDX-License-Identifier: BSD-2-Clause
-- tee.kdf: the examples of RFC 5869 (HKDF), of RFC 6070 and RFC 7914 (PBKDF2); limits; what goes wrong.

local tee = require "tee"
local service = require "service"
local test = require "test"
local case, equal, raises_text = test.case, test.equal, test.raises_text
local hex, count = service.to_hex, service.count
local hkdf, pbkdf2 = service.kdf.hkdf, service.kdf.pbkdf2

local ROUNDS_MAX = 1000000

-- RFC 5869, appendix A: hash, secret, salt, info, size, what comes out.
local hkdf_examples = {
    {"sha256", ("\x0b"):rep(22), count(0, 13), count(0xf0, 10), 42,
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
    {"sha256", count(0, 80), count(0x60, 80), count(0xb0, 80), 82,
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da327560" ..
        "0c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
    {"sha256", ("\x0b"):rep(22), "", "", 42,
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
    {"sha1", ("\x0b"):rep(11), count(0, 13), count(0xf0, 10), 42,
        "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896"},
    {"sha1", count(0, 80), count(0x60, 80), count(0xb0, 80), 82,
        "0bd770a74d1160f7c9f12cd5912a06ebff6adcae899d92191fe4305673ba2ffe8fa3f1a4e5ad79f3f334b3b202b2173c486ea37c" ..
        "e3d397ed034c7f9dfeb15c5e927336d0441f4c4300e2cff0d0900b52d3b4"},
    {"sha1", ("\x0b"):rep(22), "", "", 42,
        "0ac1af7002b3d761d1e55298da9d0506b9ae52057220a306e07b6b87e8df21d0ea00033de03984d34918"},
    {"sha1", ("\x0c"):rep(22), nil, "", 42,
        "2c91117204d745f3500d636a62f64f0ab3bae548aa53d423b0d1f27ebba6f5e5673a081d70cce7acfc48"},
}

for i, e in ipairs(hkdf_examples) do
    case("HKDF: RFC 5869, example " .. i, function()
        equal(hex(hkdf(e[1], e[2], e[3], e[4], e[5])), e[6])
    end)
end

-- RFC 6070, section 2 (all but the one of 16,777,216 iterations), RFC 7914, section 11; the last one is OpenSSL's.
local pbkdf2_examples = {
    {"sha1", "password", "salt", 1, 20,
        "0c60c80f961f0e71f3a9b524af6012062fe037a6"},
    {"sha1", "password", "salt", 2, 20,
        "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"},
    {"sha1", "password", "salt", 4096, 20,
        "4b007901b765489abead49d926f721d065a429c1"},
    {"sha1", "passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096, 25,
        "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"},
    {"sha1", "pass\0word", "sa\0lt", 4096, 16,
        "56fa6aa75548099dcc37d7f03425e0c3"},
    {"sha256", "passwd", "salt", 1, 64,
        "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845" ..
        "b1e30bd509112041d3a19783"},
    {"sha512", "password", "salt", 3, 100,
        "b6b07cb2cebf4ad84468391a543824fccffe0e0769dbe6bddf10a65673c4b648e612d44918f9ce9a19a1294cf5140628084ba994" ..
        "c3b21a4ef4741220b811c633cfc0641fccbcc4164f1bbfcb1f33f595ae9aa4a33ddcce570157775980362c0ee28aa340"},
}

for i, e in ipairs(pbkdf2_examples) do
    case("PBKDF2: published example " .. i, function()
        equal(hex(pbkdf2(e[1], e[2], e[3], e[4], e[5])), e[6])
    end)
end

if test.backend == "sim" then
    -- Minutes in an emulated machine.
    case("PBKDF2: RFC 7914, 80,000 iterations", function()
        equal(hex(pbkdf2("sha256", "Password", "NaCl", 80000, 64)),
            "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56" ..
            "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d")
    end)
    case("PBKDF2_ROUNDS_MAX", function()
        equal(#pbkdf2("sha256", "p", "s", ROUNDS_MAX // 2, 33), 33)
    end)
end

case("PBKDF2_ROUNDS_MAX: blocks count", function()
    equal(#pbkdf2("sha512", "p", "s", 1, 640), 640)
    raises_text("1 to 1000000 expected", pbkdf2, "sha256", "p", "s", ROUNDS_MAX + 1, 1)
    raises_text("no more than 1000000 iterations", pbkdf2, "sha256", "p", "s", ROUNDS_MAX, 33)
    raises_text("no more than 1000000 iterations", pbkdf2, "sha256", "p", "s", ROUNDS_MAX // 2, 65)
    raises_text("no more than 1000000 iterations", pbkdf2, "sha256", "p", "s", 1, 32 * ROUNDS_MAX + 1)
end)

case("a longer output begins with a shorter one", function()
    local long = hkdf("sha384", "secret", "salt", "info", 200)
    for _, size in ipairs {1, 47, 48, 49, 96, 199} do
        equal(hkdf("sha384", "secret", "salt", "info", size), long:sub(1, size))
    end
    long = pbkdf2("sha384", "secret", "salt", 3, 200)
    for _, size in ipairs {1, 47, 48, 49, 96, 199} do
        equal(pbkdf2("sha384", "secret", "salt", 3, size), long:sub(1, size))
    end
end)

case("PBKDF2 does not hold the TEE: a deadline ends it, and a call can go on", function()
    local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend}
    raises_text("deadline", s:with {deadline = 0.1}.call, "eval",
        "return pcall(tee.kdf.pbkdf2, 'sha512', 'p', 's', 1000000, 64)")
    equal(#s:call("eval", "return tee.kdf.pbkdf2('sha256', 'p', 's', 2, 1000)"), 1000)
    -- Where a call cannot stop, inside a C function, it goes on.
    equal(s:call("eval", [[
        local key
        table.sort({1, 2}, function(a, b)
            key = key or tee.kdf.pbkdf2("sha256", "p", "s", 3000, 32)
            return a < b
        end)
        return key == tee.kdf.pbkdf2("sha256", "p", "s", 3000, 32)]]), true)
end)

case("work is paid for", function()
    local function used(what)
        return test.tee("local before = tee.fuel() " .. what .. " return tee.fuel() - before")
    end
    test.ok(used("tee.kdf.pbkdf2('sha256', 'p', 's', 1000, 32)") > 500000)
    test.ok(used("tee.digest('sha256', ('x'):rep(100000))") > 200000)
    test.ok(used("tee.digest('sha256', '')") > 2000)
    test.ok(used("tee.random(10000)") > 20000)
    test.ok(used("tee.cbor.encode(tee.cbor.decode('\\x83\\1\\2\\3'))") > 60)
end)

case("HKDF: no info that would be hashed for long", function()
    equal(#hkdf("sha256", "s", nil, ("i"):rep(4096), 32), 32)
    raises_text("at most 4096 bytes expected", hkdf, "sha256", "s", nil, ("i"):rep(4097), 32)
end)

case("HKDF: 255 blocks and no more", function()
    for name, size in pairs {sha1 = 20, sha256 = 32, sha384 = 48, sha512 = 64} do
        equal(#hkdf(name, "s", nil, nil, 255 * size), 255 * size)
        raises_text("1 to 255 times", hkdf, name, "s", nil, nil, 255 * size + 1)
    end
end)

case("errors name the mistake", function()
    for _, size in ipairs {0, -1, math.mininteger, math.maxinteger} do
        raises_text("1 to 255 times", hkdf, "sha256", "s", "", "", size)
        raises_text("a number of bytes above 0", pbkdf2, "sha256", "p", "s", 1, size)
        raises_text("1 to 1000000 expected", pbkdf2, "sha256", "p", "s", size, 1)
    end
    raises_text("integer", hkdf, "sha256", "s", "", "", 1.5)
    raises_text("number expected, got nil", hkdf, "sha256", "s", "", "", nil)
    raises_text("the name of an HMAC's hash expected", hkdf, "sha3-256", "s", "", "", 1)
    raises_text("the name of an HMAC's hash expected", pbkdf2, "md5", "p", "s", 1, 1)
    raises_text("string expected, got nil", pbkdf2, "sha256", "p", nil, 1, 1)
    raises_text("string expected, got nil", hkdf, "sha256", nil, "", "", 1)
    raises_text("string expected, got number", hkdf, "sha256", "s", 5, "", 1)
    raises_text("string expected, got table", hkdf, "sha256", "s", "", {}, 1)
end)
