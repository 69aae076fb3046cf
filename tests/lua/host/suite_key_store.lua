-- SPDX-License-Identifier: BSD-2-Clause
-- Keys that stay: names, apps, sessions, limits. Every case leaves storage as it was.

local tee = require "tee"
local test = require "test"
local vectors = require "key_vectors"
local equal, raises_text = test.equal, test.raises_text

local KEYS_MAX = 32

local function session(app)
    return tee.open {app = app or test.app, plaintext = true, backend = test.backend}
end

local CLEAN = "for _, name in ipairs(tee.key.list()) do tee.key.delete(name) end"

-- Without what a case that failed, or a run that was broken off, has left.
local function case(name, body)
    test.case(name, function()
        test.tee(CLEAN)
        body()
    end)
end

case("a key is found by its name in another session, and does there what it did here", function()
    local types = test.slow and {"ecdsa-p256", "ed25519", "rsa-pss"} or
        {"ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-pss", "rsa-pkcs1"}
    for _, type in ipairs(types) do
        local signature, public = test.tee([[
            local type, pem = ...
            local options = {type = type, name = "one", usage = {"sign"}, pem = pem}
            local key = pem and tee.key.import(options) or tee.key.generate(options)
            return key:sign("message"), key:public()]], type, type:find("rsa") and vectors.rsa or nil)
        local s <close> = session()
        test.results(table.pack(s:call("eval", [[
            local type, signature = ...
            local key = assert(tee.key.open("one"))
            local public = tee.key.import {type = type, pem = key:public()}
            return key.type, key.name, key.extractable, key.secret, key.usage, public:verify("message", signature),
                public:verify("again", key:sign("again")), pcall(key.verify, key, "message", signature)]],
            type, signature)), type, "one", false, true, {"sign"}, true, true, false,
            "this key (" .. type .. ") cannot verify: its uses were fixed when it was created, see key.usage")
        equal(s:call("eval", "return tee.key.open('one'):public()"), public)
        equal(s:call("eval", "return tee.key.delete('one')"), true)
    end
end)

case("secret keys, and public ones, are stored likewise", function()
    test.results(table.pack(test.tee([[
        local box = tee.key.generate {type = "aes", name = "aes"}:encrypt("text")
        local mac = tee.key.import {type = "hmac-sha256", raw = ("k"):rep(11), name = "short",
            extractable = true}:mac("x")
        tee.key.generate {type = "x25519", name = "agree"}
        local public = tee.key.import {type = "ed25519", public = tee.key.generate {type = "ed25519"}:public("raw"),
            name = "public"}
        local names = tee.key.list()
        table.sort(names)
        local short = tee.key.open("short")
        local ok, why = pcall(tee.key.open("aes").export, tee.key.open("aes"))
        return tee.key.open("aes"):decrypt(box), short:verify("x", mac), short.size, short:export(), ok,
            tee.key.open("agree"):derive {type = "aes", peer = tee.key.open("agree"):public()}.size,
            tee.key.open("public").secret, tee.key.open("public"):public() == public:public(), table.concat(names,
                " ")]])),
        "text", true, 88, ("k"):rep(11), false, 256, false, true, "aes agree public short")
    equal(test.tee(CLEAN .. " return #tee.key.list()"), 0)
end)

case("a name is one key's until it is deleted", function()
    test.tee("tee.key.generate {type = 'aes', name = 'one'}")
    raises_text("a stored key 'one' exists already", test.tee, "tee.key.generate {type = 'aes', name = 'one'}")
    raises_text("a stored key 'one' exists already", test.tee,
        "tee.key.import {type = 'aes', raw = ('k'):rep(16), name = 'one'}")
    test.results(table.pack(test.tee([[
        local key = tee.key.open("one")
        local box = key:encrypt("text")
        -- Who has it open keeps it.
        local deleted, again, other, why = tee.key.delete("one"), tee.key.delete("one"), tee.key.open("one")
        return deleted, again, other, why, key:decrypt(box), #tee.key.list()]])),
        true, false, nil, "no stored key 'one'", "text", 0)
end)

case("an opened stored key counts towards the limit of the TEE's memory", function()
    test.tee("tee.key.generate({type = 'ecdsa-p256', name = 'one'}):close()")
    local fill = "local held = {} for i = 1, ... do held[i] = tee.mac('sha256', 'k') end return tee.key.open('one').size"
    equal(test.tee(fill, 23), 256)
    raises_text("one more of the keys takes 1,856", test.tee, fill, 24)
    equal(test.tee(fill, 0), 256)
end)

case("two sessions have a key open, and one deletes it", function()
    local a <close> = session()
    local b <close> = session()
    a:call("eval", "held = tee.key.generate {type = 'aes', name = 'one'} box = held:encrypt('text')")
    equal(b:call("eval", "return tee.key.open('one').type"), "aes")
    equal(b:call("eval", "return tee.key.delete('one')"), true)
    equal(a:call("eval", "return tee.key.open('one')"), nil)
end)

case("apps do not see each other's keys", function()
    local other <close> = session(test.app .. "/numbers")
    test.tee("tee.key.generate {type = 'aes', name = 'one'}")
    local source = "return tee.key.open('one'), #tee.key.list(), tee.key.delete('one')"
    test.results(table.pack(other:call("keys", source)), nil, 0, false)
    equal(other:call("keys", "return tee.key.generate {type = 'ed25519', name = 'one'}.type"), "ed25519")
    equal(test.tee("return tee.key.open('one').type"), "aes")
    equal(other:call("keys", "return tee.key.delete('one')"), true)
    equal(test.tee("return tee.key.open('one').type, tee.key.delete('one')"), "aes")
end)

case("invalid names are rejected", function()
    for _, name in ipairs {"", ".", "..", "a/b", "a b", "a\0", ("n"):rep(65), "é"} do
        raises_text("A-Z a-z 0-9", test.tee, "return tee.key.open(...)", name)
        raises_text("A-Z a-z 0-9", test.tee, "return tee.key.delete(...)", name)
    end
    raises_text("string expected", test.tee, "return tee.key.open()")
    raises_text("string expected", test.tee, "return tee.key.open(1)")
    local longest = ("n"):rep(64)
    equal(test.tee([[
        tee.key.generate {type = "aes", name = ...}
        return tee.key.list()[1], tee.key.delete(...)]], longest), longest)
end)

case("KEYS_MAX", function()
    if test.slow then -- a second a key
        return equal(test.tee([[
            for i = 1, 3 do tee.key.import({type = "aes", raw = ("k"):rep(16), name = "key" .. i}):close() end
            return #tee.key.list()]]), 3)
    end
    local last, why = test.tee([[
        local raw = ("k"):rep(16)
        for i = 1, ... do tee.key.import({type = "aes", raw = raw, name = "key" .. i}):close() end
        local ok, why = pcall(tee.key.import, {type = "aes", raw = raw, name = "more"})
        return #tee.key.list(), why]], KEYS_MAX)
    equal(last, KEYS_MAX)
    test.contains(why, "32 stored keys, which is the limit")
    equal(test.tee(CLEAN .. " return #tee.key.list()"), 0)
end)
case("nothing is left", function() end)
