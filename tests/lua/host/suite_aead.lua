-- SPDX-License-Identifier: BSD-2-Clause
-- tee.aead: the examples of GCM's specification, SP 800-38C and RFC 3610; every byte changed; edges; what goes wrong.

local service = require "service"
local test = require "test"
local case, equal, raises_text = test.case, test.equal, test.raises_text
local hex, bytes, count = service.to_hex, service.from_hex, service.count
local aead = service.aead

-- McGrew and Viega, The Galois/Counter Mode of Operation, appendix B: those with nonces of 96 bits.
local KEY = bytes "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
local NONCE = bytes "cafebabefacedbaddecaf888"
local AAD = bytes "feedfacedeadbeeffeedfacedeadbeefabaddad2"
local TEXT = bytes [[d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
    1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255]]

-- By the size of the key: cases 1 to 4, 7 to 10, 13 to 16.
local gcm = {
    [16] = {
        "58e2fccefa7e3061367f1d57a4e7455a",
        "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b39" ..
        "6a0aac973d58e091473f59854d5c2af327cd64a62cf35abd2ba6fab4",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b39" ..
        "6a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47",
    },
    [24] = {
        "cd33b28ac773f74ba00ed1f312572435",
        "98e7247c07f0fe411c267e4384b0f6002ff58d80033927ab8ef4d4587514f0fb",
        "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c7d773d00c144c525ac619d18c84a3f4718e2448b" ..
        "2fe324d9ccda2710acade2569924a7c8587336bfb118024db8674a14",
        "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c7d773d00c144c525ac619d18c84a3f4718e2448b" ..
        "2fe324d9ccda27102519498e80f1478f37ba55bd6d27618c",
    },
    [32] = {
        "530f8afbc74536b9a963b4f1c4cb738b",
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e63" ..
        "93ba7a0abcc9f662898015adb094dac5d93471bdec1a502270e3cc6c",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e63" ..
        "93ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
    },
}

for size, expected in pairs(gcm) do
    local zeros, nonce = ("\0"):rep(size), ("\0"):rep(12)
    local key = KEY:sub(1, size)
    local inputs = {
        {zeros, nonce, "", ""}, {zeros, nonce, ("\0"):rep(16), nil},
        {key, NONCE, TEXT}, {key, NONCE, TEXT:sub(1, 60), AAD},
    }
    for i, e in ipairs(inputs) do
        case("AES-GCM, " .. 8 * size .. " bits, example " .. i, function()
            equal(hex(aead.seal_with_unique_nonce("aes-gcm", e[1], e[2], e[3], e[4])), expected[i])
            equal(aead.open_with_nonce("aes-gcm", e[1], e[2], bytes(expected[i]), e[4]), e[3])
            -- The form with the nonce in front is the same message.
            equal(aead.open("aes-gcm", e[1], e[2] .. bytes(expected[i]), e[4]), e[3])
        end)
    end
end

-- SP 800-38C, appendix C: sizes of nonce, associated data, text, tag; what comes out.
local nist = {
    {7, 8, 4, 4, "7162015b4dac255d"},
    {8, 16, 16, 6, "d2a1f0e051ea5f62081a7792073d593d1fc64fbfaccd"},
    {12, 20, 24, 8, "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951"},
    {13, 65536, 32, 14, "69915dad1e84c6376a68c2967e4dab615ae0fd1faec44cc484828529463ccf72b4ac6bec93e8598e7f0dadbcea5b"},
}

for i, e in ipairs(nist) do
    case("AES-CCM: SP 800-38C, example " .. i, function()
        local key, nonce, aad, text = count(0x40, 16), count(0x10, e[1]), count(0, e[2]), count(0x20, e[3])
        equal(hex(aead.seal_with_unique_nonce("aes-ccm", key, nonce, text, aad, e[4])), e[5])
        equal(aead.open_with_nonce("aes-ccm", key, nonce, bytes(e[5]), aad, e[4]), text)
    end)
end

-- RFC 3610, section 8, packet vectors 1 to 9: the nonce's beginning, size of the associated data, of all, of the tag.
local rfc3610 = {
    {"00000003020100", 8, 31, 8, "588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0"},
    {"00000004030201", 8, 32, 8, "72c91a36e135f8cf291ca894085c87e3cc15c439c9e43a3ba091d56e10400916"},
    {"00000005040302", 8, 33, 8, "51b1e5f44a197d1da46b0f8e2d282ae871e838bb64da8596574adaa76fbd9fb0c5"},
    {"00000006050403", 12, 31, 8, "a28c6865939a9a79faaa5c4c2a9d4a91cdac8c96c861b9c9e61ef1"},
    {"00000007060504", 12, 32, 8, "dcf1fb7b5d9e23fb9d4e131253658ad86ebdca3e51e83f077d9c2d93"},
    {"00000008070605", 12, 33, 8, "6fc1b011f006568b5171a42d953d469b2570a4bd87405a0443ac91cb94"},
    {"00000009080706", 8, 31, 10, "0135d1b2c95f41d5d1d4fec185d166b8094e999dfed96c048c56602c97acbb7490"},
    {"0000000a090807", 8, 32, 10, "7b75399ac0831dd2f0bbd75879a2fd8f6cae6b6cd9b7db24c17b4433f434963f34b4"},
    {"0000000b0a0908", 8, 33, 10, "82531a60cc24945a4b8279181ab5c84df21ce7f9b73f42e197ea9c07e56b5eb17e5f4e"},
}

for i, e in ipairs(rfc3610) do
    case("AES-CCM: RFC 3610, packet vector " .. i, function()
        local key, nonce = count(0xc0, 16), bytes(e[1] .. "a0a1a2a3a4a5")
        local aad, text = count(0, e[2]), count(e[2], e[3] - e[2])
        equal(hex(aead.seal_with_unique_nonce("aes-ccm", key, nonce, text, aad, e[4])), e[5])
        equal(aead.open_with_nonce("aes-ccm", key, nonce, bytes(e[5]), aad, e[4]), text)
    end)
end

for _, name in ipairs {"aes-gcm", "aes-ccm"} do
    local key = count(0, 16)

    case(name .. ": what was sealed opens, at every size", function()
        equal(test.tee([[
            local name, key = ...
            local text = ("0123456789abcdef"):rep(9)
            for size = 0, 140 do
                local aad = text:sub(1, size // 3)
                local box = tee.aead.seal(name, key, text:sub(1, size), aad)
                if #box ~= 12 + size + 16 then return size end
                if tee.aead.open(name, key, box, aad) ~= text:sub(1, size) then return size end
            end]], name, key), nil)
    end)

    case(name .. ": a large message, large associated data", function()
        equal(test.tee([[
            local name, key = ...
            local text = ("0123456789"):rep(30000)
            return tee.aead.open(name, key, tee.aead.seal(name, key, text, text), text) == text]], name, key), true)
    end)

    case(name .. ": every change is noticed", function()
        local box = aead.seal(name, key, "attack at dawn", "header")
        equal(aead.open(name, key, box, "header"), "attack at dawn")
        for wrong in service.damaged(box) do
            test.results(table.pack(aead.open(name, key, wrong, "header")), nil, "not authentic")
        end
        for wrong in service.damaged("header") do equal(aead.open(name, key, box, wrong), nil) end
        for wrong in service.damaged(key) do equal(aead.open(name, wrong, box, "header"), nil) end
        for size = 0, #box - 1 do equal(aead.open(name, key, box:sub(1, size), "header"), nil) end
        equal(aead.open(name, key, box .. "\0", "header"), nil)
        equal(aead.open(name, key, box, nil), nil)
        equal(aead.open(name, key, box, "header\0"), nil)
        equal(aead.open(name == "aes-gcm" and "aes-ccm" or "aes-gcm", key, box, "header"), nil)
    end)

    case(name .. ": nonces are fresh", function()
        equal(test.tee([[
            local name, key = ...
            local seen = {}
            for i = 1, 300 do
                local nonce = tee.aead.seal(name, key, "x"):sub(1, 12)
                if seen[nonce] then return i end
                seen[nonce] = true
            end]], name, key), nil)
    end)

    case(name .. ": keys of 128, 192 and 256 bits and no other", function()
        for size = 0, 66 do
            if size == 16 or size == 24 or size == 32 then
                equal(aead.open(name, count(1, size), aead.seal(name, count(1, size), "x")), "x")
            else
                raises_text("16, 24 or 32 bytes expected", aead.seal, name, count(1, size), "x")
                raises_text("16, 24 or 32 bytes expected", aead.open, name, count(1, size), ("x"):rep(40))
            end
        end
    end)
end

case("tags of the right sizes and no other", function()
    local key, nonce = count(0, 16), count(0, 12)
    for _, name in ipairs {"aes-gcm", "aes-ccm"} do
        for size = -1, 18 do
            local good = name == "aes-gcm" and size >= 12 and size <= 16 or
                name == "aes-ccm" and size >= 4 and size <= 16 and size % 2 == 0
            if good then
                local box = aead.seal_with_unique_nonce(name, key, nonce, "text", "aad", size)
                equal(#box, 4 + size)
                equal(aead.open_with_nonce(name, key, nonce, box, "aad", size), "text")
                equal(aead.open_with_nonce(name, key, nonce, box:sub(1, size - 1), "aad", size), nil)
            else
                raises_text("a tag of", aead.seal_with_unique_nonce, name, key, nonce, "text", "aad", size)
                raises_text("a tag of", aead.open_with_nonce, name, key, nonce, ("x"):rep(40), "aad", size)
            end
        end
        raises_text("a tag of", aead.seal_with_unique_nonce, name, key, nonce, "text", "aad", math.maxinteger)
        raises_text("a tag of", aead.seal_with_unique_nonce, name, key, nonce, "text", "aad", 1 << 32 | 16)
    end
end)

case("nonces of the right sizes and no other", function()
    for size = 0, 20 do
        for _, name in ipairs {"aes-gcm", "aes-ccm"} do
            local good = size == 12 or name == "aes-ccm" and size >= 7 and size <= 13
            local nonce, key = count(0, size), count(0, 16)
            if good then
                equal(aead.open_with_nonce(name, key, nonce, aead.seal_with_unique_nonce(name, key, nonce, "x")), "x")
            else
                raises_text("a nonce of 12 bytes", aead.seal_with_unique_nonce, name, key, nonce, "x")
                raises_text("a nonce of 12 bytes", aead.open_with_nonce, name, key, nonce, ("x"):rep(40))
            end
        end
    end
end)

case("AES-CCM: a nonce of 13 bytes leaves room for 65,535 bytes", function()
    test.tee([[
        local key, nonce = ("k"):rep(16), ("n"):rep(13)
        local text = ("t"):rep(65535)
        local box = tee.aead.seal_with_unique_nonce("aes-ccm", key, nonce, text)
        assert(tee.aead.open_with_nonce("aes-ccm", key, nonce, box) == text)
        assert(tee.aead.open_with_nonce("aes-ccm", key, nonce, box .. "x") == nil)
        local ok, why = pcall(tee.aead.seal_with_unique_nonce, "aes-ccm", key, nonce, text .. "t")
        assert(not ok and why:find("too long for AES-CCM", 1, true), why)
        nonce = ("n"):rep(12)
        assert(tee.aead.open_with_nonce("aes-ccm", key, nonce,
            tee.aead.seal_with_unique_nonce("aes-ccm", key, nonce, text .. "t")) == text .. "t")]])
end)

-- The encoding of the length of associated data changes at 65,280 bytes (SP 800-38C, A.2.2).
case("AES-CCM: associated data around 65,280 bytes", function()
    local expected = {
        [65279] = "eee50fcc947ef5fb920fda52ea7d73168f12c597",
        [65280] = "eee50fcc7b366b509453daabf1a44b6574cc25b8",
        [65281] = "eee50fccc4b3ceceec0c96369b25fefa8306e184",
    }
    for size, box in pairs(expected) do
        equal(hex(aead.seal_with_unique_nonce("aes-ccm", ("k"):rep(16), ("n"):rep(12), "text", ("a"):rep(size))), box)
    end
end)

case("errors name the mistake", function()
    local key = count(0, 16)
    raises_text("aes-gcm or aes-ccm expected", aead.seal, "aes-cbc", key, "x")
    raises_text("aes-gcm or aes-ccm expected", aead.open, "", key, "x")
    raises_text("string expected, got nil", aead.seal, nil, key, "x")
    raises_text("string expected, got nil", aead.seal, "aes-gcm", key, nil)
    raises_text("string expected, got number", aead.seal, "aes-gcm", key, 1)
    raises_text("string expected, got number", aead.seal, "aes-gcm", 1, "x")
    raises_text("string expected, got table", aead.seal, "aes-gcm", key, "x", {})
    raises_text("string expected, got boolean", aead.open, "aes-gcm", key, "x", false)
    raises_text("string expected, got nil", aead.open_with_nonce, "aes-gcm", key, nil, "x")
    raises_text("number expected", aead.open_with_nonce, "aes-gcm", key, count(0, 12), "x", "", "16x")
end)
