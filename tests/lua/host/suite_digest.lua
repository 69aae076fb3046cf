-- SPDX-License-Identifier: BSD-2-Clause
-- tee.digest and tee.mac: the examples of FIPS 180-4 and FIPS 202, RFC 4231 and RFC 2202; pieces; what goes wrong.

local service = require "service"
local test = require "test"
local case, equal, raises_text = test.case, test.equal, test.raises_text
local hex = service.to_hex

local SHORT = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
local LONG = "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn" ..
    "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"

-- Of the empty string, "abc", SHORT, LONG, and a million "a".
local digests = {
    ["sha256"] = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    },
    ["sha384"] = {
        "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        "3391fdddfc8dc7393707a65b1b4709397cf8b1d162af05abfe8f450de5f36bc6b0455a8520bc4e6f5fe95b1fe3c8452b",
        "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039",
        "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b07b8b3dc38ecc4ebae97ddd87f3d8985",
    },
    ["sha512"] = {
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd" ..
        "47417a81a538327af927da3e",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423" ..
        "643ce80e2a9ac94fa54ca49f",
        "204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c33596fd15c13b1b07f9aa1d3bea57789ca031ad85c7" ..
        "a71dd70354ec631238ca3445",
        "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329ee" ..
        "b6dd26545e96e55b874be909",
        "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31beb009c5c" ..
        "2c49aa2e4eadb217ad8cc09b",
    },
    ["sha3-256"] = {
        "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
        "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
        "41c0dba2a9d6240849100376a8235e2c82e1b9998a999e21db32dd97496d3376",
        "916f6061fe879741ca6469b43971dfdb28b1a32dc36cb3254e812be27aad1d18",
        "5c8875ae474a3634ba4fd55ec85bffd661f32aca75c6d699d0cdcb6c115891c1",
    },
    ["sha3-384"] = {
        "0c63a75b845e4f7d01107d852e4c2485c51a50aaaa94fc61995e71bbee983a2ac3713831264adb47fb6bd1e058d5f004",
        "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
        "991c665755eb3a4b6bbdfb75c78a492e8c56a22c5c4d7e429bfdbc32b9d4ad5aa04a1f076e62fea19eef51acd0657c22",
        "79407d3b5916b59c3e30b09822974791c313fb9ecc849e406f23592d04f625dc8c709b98b43b3852b337216179aa7fc7",
        "eee9e24d78c1855337983451df97c8ad9eedf256c6334f8e948d252d5e0e76847aa0774ddb90a842190d2c558b4b8340",
    },
    ["sha3-512"] = {
        "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a615b2123af1f5f94c11e3e9402c3ac558f500199d" ..
        "95b6d3e301758586281dcd26",
        "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4c" ..
        "f408d5a56592f8274eec53f0",
        "04a371e84ecfb5b8b77cb48610fca8182dd457ce6f326a0fd3d7ec2f1e91636dee691fbe0c985302ba1b0d8dc78c086346b533b4" ..
        "9c030d99a27daf1139d6e75e",
        "afebb2ef542e6579c50cad06d2e578f9f8dd6881d7dc824d26360feebf18a4fa73e3261122948efcfd492e74e82e2189ed0fb440" ..
        "d187f382270cb455f21dd185",
        "3c3a876da14034ab60627c077bb98f7e120a2a5370212dffb3385a18d4f38859ed311d0a9d5141ce9cc5c66ee689b266a8aa18ac" ..
        "e8282a0e0db596c90b0a7b87",
    },
}

for name, expected in pairs(digests) do
    case(name .. ": published examples", function()
        for i, message in ipairs {"", "abc", SHORT, LONG} do
            equal(hex(service.digest(name, message)), expected[i], "example " .. i)
        end
    end)
    case(name .. ": a million bytes, at once and in pieces", function()
        equal(hex(test.tee("return tee.digest(..., ('a'):rep(1000000))", name)), expected[5])
        equal(hex(test.tee([[
            local d, piece = tee.digest(...), ("a"):rep(4000)
            for _ = 1, 250 do d:update(piece) end
            return d:final()]], name)), expected[5])
    end)
    case(name .. ": pieces of every size around a block", function()
        equal(test.tee([[
            local name, text = ..., ("0123456789"):rep(40)
            local whole = tee.digest(name, text)
            for size = 1, 300 do
                local d = tee.digest(name)
                for i = 1, #text, size do d:update(text:sub(i, i + size - 1)) end
                if d:final() ~= whole then return size end
            end]], name), nil)
    end)
end

-- RFC 4231, section 4, and for sha1 RFC 2202, section 3. In both the fifth example is told cut; this is all of it.
local function keys(long) return {
    ("\x0b"):rep(20), "Jefe", ("\xaa"):rep(20), service.count(1, 25), ("\x0c"):rep(20), ("\xaa"):rep(long),
    ("\xaa"):rep(long),
} end
local messages = {
    "Hi There", "what do ya want for nothing?", ("\xdd"):rep(50), ("\xcd"):rep(50), "Test With Truncation",
    "Test Using Larger Than Block-Size Key - Hash Key First",
}
local last_message = {
    sha1 = "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
    sha2 = "This is a test using a larger than block-size key and a larger than block-size data. The key needs to " ..
        "be hashed before being used by the HMAC algorithm.",
}

local macs = {
    sha1 = {
        "b617318655057264e28bc0b6fb378c8ef146be00",
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        "125d7342b9ac11cd91a39af48aa17b4f63f175d3",
        "4c9007f4026250c6bc8414f9bf50c86c2d7235da",
        "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04",
        "aa4ae5e15272d00e95705637ce8a3b55ed402112",
        "e8e99d0f45237d786d6bbaa7965c7808bbff1a91",
    },
    sha256 = {
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        "a3b6167473100ee06e0c796c2955552bfa6f7c0a6a8aef8b93f860aab0cd20c5",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    },
    sha384 = {
        "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
        "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
        "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb",
        "3abf34c3503b2a23a46efc619baef897f4c8e42c934ce55ccbae9740fcbc1af4ca62269e2a37cd88ba926341efe4aeea",
        "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
        "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e",
    },
    sha512 = {
        "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914e" ..
        "eb61f1702e696c203a126854",
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a3" ..
        "4d4a6b4b636e070a38bce737",
        "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337" ..
        "bee8942674278859e13292fb",
        "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741" ..
        "120c4f2de2adebeb10a298dd",
        "415fad6271580a531d4179bc891d87a650188707922a4fbb36663a1eb16da008711c5b50ddd0fc235084eb9d3364a1454fb2ef67" ..
        "cd1d29fe6773068ea266e96b",
        "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73" ..
        "f63f0aec8b915a985d786598",
        "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb" ..
        "6de0446065c97440fa8c6a58",
    },
}

for name, expected in pairs(macs) do
    local key_of = keys(name == "sha1" and 80 or 131)
    local function message_of(i) return messages[i] or last_message[name == "sha1" and "sha1" or "sha2"] end
    case("HMAC " .. name .. ": published examples", function()
        for i = 1, 7 do
            equal(hex(service.mac(name, key_of[i], message_of(i))), expected[i], "example " .. i)
        end
    end)
    case("HMAC " .. name .. ": in pieces", function()
        for i = 1, 7 do
            equal(hex(test.tee([[
                local name, key, message = ...
                local m <close> = tee.mac(name, key)
                for c in message:gmatch(".") do m:update(c) end
                return m:final()]], name, key_of[i], message_of(i))), expected[i], "example " .. i)
        end
    end)
    case("HMAC " .. name .. ": verify takes the right one and no other", function()
        local verify = "local name, mac = ... return tee.mac(name, 'key'):update('text'):verify(mac)"
        local right = service.mac(name, "key", "text")
        equal(test.tee(verify, name, right), true)
        for wrong in service.damaged(right) do equal(test.tee(verify, name, wrong), false) end
        equal(test.tee(verify, name, ""), false)
        equal(test.tee(verify, name, right:sub(1, -2)), false)
        equal(test.tee(verify, name, right .. "\0"), false)
    end)
end

case("HMAC: a key as long as the block is not digested, one more is", function()
    for name, block in pairs {sha1 = 64, sha256 = 64, sha384 = 128, sha512 = 128} do
        local key = ("k"):rep(block)
        equal(service.mac(name, key, "x"), service.mac(name, key, "x"))
        test.ok(service.mac(name, key, "x") ~= service.mac(name, key .. "k", "x"))
        equal(service.mac(name, key:sub(2), "x"), service.mac(name, key:sub(2) .. "\0", "x"))
        if name ~= "sha1" then
            equal(service.mac(name, key .. "k", "x"), service.mac(name, service.digest(name, key .. "k"), "x"))
        end
    end
end)

case("HMAC: an empty key, an empty message", function()
    equal(hex(service.mac("sha256", "", "")), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
end)

case("update returns the object", function()
    equal(test.tee([[
        local d, m = tee.digest("sha256"), tee.mac("sha256", "k")
        return d:update("") == d and m:update("") == m]]), true)
end)

case("an object that has ended says so", function()
    for _, make in ipairs {"tee.digest('sha256')", "tee.mac('sha256', 'k')"} do
        for _, last in ipairs {"o:final()", "o:final() o:final()", "local p <close> = o"} do
            for _, then_ in ipairs {"o:update('x')", "o:final()"} do
                raises_text("it has ended", test.tee,
                    "local o = " .. make .. " do " .. last .. " end " .. then_)
            end
        end
    end
    raises_text("it has ended", test.tee, "local m = tee.mac('sha256', 'k') m:verify('') m:verify('')")
end)

case("objects of different types are distinguished", function()
    raises_text("tee.digest expected", test.tee, "tee.digest('sha256').final(tee.mac('sha256', 'k'))")
    raises_text("tee.mac expected", test.tee, "tee.mac('sha256', 'k').verify(tee.digest('sha256'), 'x')")
    raises_text("tee.mac expected", test.tee, "tee.mac('sha256', 'k').update({}, 'x')")
end)

case("an object stays usable over calls of one module", function()
    equal(test.tee([[
        local d = tee.digest("sha256")
        local co = coroutine.wrap(function() d:update("a") coroutine.yield() d:update("bc") end)
        co() co()
        return tee.hex.encode(d:final()) ]]), digests.sha256[2])
end)

case("errors name the mistake", function()
    raises_text("the name of a digest expected", service.digest, "md5", "x")
    raises_text("the name of a digest expected", service.digest, "sha1", "x")
    raises_text("the name of a digest expected", service.digest, "", "x")
    raises_text("the name of an HMAC's hash expected", service.mac, "sha3-256", "k", "x")
    raises_text("string expected, got nil", service.digest, "sha256", nil)
    raises_text("string expected, got number", service.digest, "sha256", 1)
    raises_text("string expected, got table", service.mac, "sha256", {}, "x")
    raises_text("string expected, got boolean", service.mac, "sha256", "k", false)
    raises_text("string expected, got nil", service.mac, "sha256", "k", nil)
    raises_text("string expected, got no value", test.tee, "tee.digest('sha256'):update()")
    raises_text("string expected, got no value", test.tee, "tee.mac('sha256', 'k'):verify()")
end)
