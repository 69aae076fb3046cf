-- SPDX-License-Identifier: BSD-2-Clause
-- tee.cipher: the examples of SP 800-38A; padding; what goes wrong.

local service = require "service"
local test = require "test"
local case, equal, raises_text = test.case, test.equal, test.raises_text
local hex, bytes, count = service.to_hex, service.from_hex, service.count
local cipher = service.cipher

local TEXT = bytes [[6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51
    30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710]]

-- SP 800-38A, F.2 and F.5: the key, what CBC makes of TEXT (and of its padding: OpenSSL's), what CTR makes of it.
local examples = {
    {"2b7e151628aed2a6abf7158809cf4f3c",
        "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b273bed6b8e3c1743b7116e69e222295163ff1caa1" ..
        "681fac09120eca307586e1a78cb82807230e1321d3fae00d18cc2012",
        "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff5ae4df3edbd5d35e5b4f09020db03eab1e031dda" ..
        "2fbe03d1792170a0f3009cee"},
    {"8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
        "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a571b242012fb7ae07fa9baac3df102e008b0e279" ..
        "88598881d920a9e64f5615cd612ccd79224b350935d45dd6a98f8176",
        "1abc932417521ca24f2b0459fe7e6e0b090339ec0aa6faefd5ccc2c6f4ce8e941e36b26bd1ebc670d1bd1d665620abf74f78a7f6" ..
        "d29809585a97daec58c6b050"},
    {"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
        "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23369a9d9bacfa530e26304231461b2eb05e2" ..
        "c39be9fcda6c19078c6a9d1b3f461796d6b0d6b2e0c2a72b4d80e644",
        "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c52b0930daa23de94ce87017ba2d84988ddfc9c58d" ..
        "b67aada613c2dd08457941a6"},
}

for _, e in ipairs(examples) do
    local key = bytes(e[1])
    case("AES-CBC, " .. 8 * #key .. " bits", function()
        equal(hex(cipher.encrypt_with_unique_iv("aes-cbc", key, count(0, 16), TEXT)), e[2])
        equal(cipher.decrypt_with_iv("aes-cbc", key, count(0, 16), bytes(e[2])), TEXT)
        equal(cipher.decrypt("aes-cbc", key, count(0, 16) .. bytes(e[2])), TEXT)
    end)
    case("AES-CTR, " .. 8 * #key .. " bits", function()
        for _, size in ipairs {0, 1, 15, 16, 17, 63, 64} do
            local data = cipher.encrypt_with_unique_iv("aes-ctr", key, count(0xf0, 16), TEXT:sub(1, size))
            equal(hex(data), e[3]:sub(1, 2 * size))
        end
        equal(cipher.decrypt_with_iv("aes-ctr", key, count(0xf0, 16), bytes(e[3])), TEXT)
        equal(cipher.decrypt("aes-ctr", key, count(0xf0, 16) .. bytes(e[3])), TEXT)
    end)
end

case("AES-CTR: the counter carries over all 16 bytes", function()
    equal(hex(cipher.encrypt_with_unique_iv("aes-ctr", ("k"):rep(16), ("\xff"):rep(16), ("\0"):rep(48))),
        "af3fd24ff8e6a833c47de67f6a916c299523a25e5b782a55e16bc7a7c0591b7f30c77d03eb3cfd95bea565c4e45adcd3")
end)

for _, name in ipairs {"aes-cbc", "aes-ctr"} do
    case(name .. ": what was encrypted decrypts, at every size", function()
        equal(test.tee([[
            local name, key = ...
            local text = ("0123456789abcdef"):rep(9)
            for size = 0, 140 do
                local data = tee.cipher.encrypt(name, key, text:sub(1, size))
                local expected = 16 + (name == "aes-cbc" and size // 16 * 16 + 16 or size)
                if #data ~= expected or tee.cipher.decrypt(name, key, data) ~= text:sub(1, size) then return size end
            end]], name, count(7, 24)), nil)
    end)
    case(name .. ": a large message", function()
        equal(test.tee([[
            local name, key = ...
            local text = ("0123456789"):rep(30001)
            return tee.cipher.decrypt(name, key, tee.cipher.encrypt(name, key, text)) == text]], name, count(7, 16)),
            true)
    end)
    case(name .. ": IVs are fresh", function()
        test.ok(cipher.encrypt(name, count(0, 16), "x") ~= cipher.encrypt(name, count(0, 16), "x"))
    end)
    case(name .. ": shorter than an IV", function()
        test.results(table.pack(cipher.decrypt(name, count(0, 16), ("x"):rep(15))), nil, "shorter than an IV")
        test.results(table.pack(cipher.decrypt(name, count(0, 16), "")), nil, "shorter than an IV")
    end)
end

case("AES-CBC: no whole number of blocks", function()
    for size = 0, 33 do
        if size % 16 ~= 0 or size == 0 then
            test.results(table.pack(cipher.decrypt_with_iv("aes-cbc", count(0, 16), count(0, 16), ("x"):rep(size))),
                nil, "the size is not a multiple of 16 bytes")
        end
    end
end)

case("AES-CBC: every wrong padding is refused", function()
    -- Decrypts a block that is `plain`, padding and all: the first block of its encryption is such a one.
    local function with(plain)
        return test.tee([[
            local key, iv, plain = ...
            local data = tee.cipher.encrypt_with_unique_iv("aes-cbc", key, iv, plain):sub(1, 16)
            return tee.cipher.decrypt_with_iv("aes-cbc", key, iv, data)]], count(3, 16), count(9, 16), plain)
    end
    for size = 1, 16 do
        equal(with(("p"):rep(16 - size) .. string.char(size):rep(size)), ("p"):rep(16 - size))
        for wrong = 1, size - 1 do
            local padding = string.char(size):rep(size)
            equal(with(("p"):rep(16 - size) .. padding:sub(1, wrong - 1) .. "\xf0" .. padding:sub(wrong + 1)), nil)
        end
    end
    for _, last in ipairs {0, 17, 18, 127, 128, 254, 255} do
        equal(with(("p"):rep(15) .. string.char(last)), nil)
        equal(with(string.char(last):rep(16)), nil)
    end
end)

case("errors name the mistake", function()
    local key, iv = count(0, 16), count(0, 16)
    raises_text("aes-ctr or aes-cbc expected", cipher.encrypt, "aes-gcm", key, "x")
    raises_text("aes-ctr or aes-cbc expected", cipher.decrypt, "aes-ecb", key, "x")
    for size = 0, 40 do
        if size ~= 16 then
            raises_text("an IV of 16 bytes", cipher.encrypt_with_unique_iv, "aes-ctr", key, count(0, size), "x")
            raises_text("an IV of 16 bytes", cipher.decrypt_with_iv, "aes-cbc", key, count(0, size), iv)
        end
        if size ~= 16 and size ~= 24 and size ~= 32 then
            raises_text("16, 24 or 32 bytes expected", cipher.encrypt, "aes-cbc", count(0, size), "x")
        end
    end
    raises_text("string expected, got nil", cipher.encrypt, "aes-cbc", key, nil)
    raises_text("string expected, got number", cipher.decrypt, "aes-cbc", key, 5)
    raises_text("string expected, got nil", cipher.encrypt_with_unique_iv, "aes-cbc", key, nil, "x")
    raises_text("string expected, got boolean", cipher.encrypt, "aes-cbc", true, "x")
end)

-- More than what one request to the TEE has of a text.
case("long texts are those of their parts", function()
    local key, iv = count(1, 32), count(7, 16)
    local first, second = ("a part of whole blocks, 32 bytes."):sub(1, 32):rep(3000), ("the rest"):rep(9000) .. "end"
    local whole = cipher.encrypt_with_unique_iv("aes-cbc", key, iv, first .. second)
    local head = cipher.encrypt_with_unique_iv("aes-cbc", key, iv, first)
    equal(whole:sub(1, #first), head:sub(1, #first))
    equal(whole:sub(#first + 1), (cipher.encrypt_with_unique_iv("aes-cbc", key, head:sub(#first - 15, #first), second)))
    equal(cipher.decrypt_with_iv("aes-cbc", key, iv, whole), first .. second)
    local stream = cipher.encrypt_with_unique_iv("aes-ctr", key, iv, first .. second)
    equal(stream:sub(1, #first), cipher.encrypt_with_unique_iv("aes-ctr", key, iv, first))
    equal(cipher.decrypt_with_iv("aes-ctr", key, iv, stream), first .. second)
end)
