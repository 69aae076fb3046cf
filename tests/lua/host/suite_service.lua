-- SPDX-License-Identifier: BSD-2-Clause
-- The services in a script's table tee: found when asked for, fresh in each call; objects that end; nonsense.

local tee = require "tee"
local service = require "service"
local test = require "test"
local case, equal, raises_text = test.case, test.equal, test.raises_text

local HANDLES_MAX = 32

case("pairs(tee) shows them all", function()
    local seen = test.tee("local out = {} for k, v in pairs(tee) do out[k] = type(v) end return out")
    for _, name in ipairs {"digest", "equal", "mac", "random", "supports", "call"} do
        equal(seen[name], "function", name)
        seen[name] = nil
    end
    for _, name in ipairs {"aead", "base64", "cipher", "hex", "kdf"} do equal(seen[name], "table", name) end
end)

case("missing names are nil", function()
    equal(test.tee("return tee.nothing, tee[1], tee[{}], tee[''], rawget(tee, 'hex')"), nil)
    equal(test.tee("return tee.Hex == nil and tee['hex\\0'] == nil"), true)
end)

case("a service is the same one throughout a call", function()
    equal(test.tee("return tee.aead == tee.aead and tee.digest == tee.digest and rawget(tee, 'aead') ~= nil"), true)
end)

case("a script may replace them, for itself", function()
    equal(test.tee("tee.random = function() return 4 end tee.hex.encode = nil return tee.random()"), 4)
    equal(test.tee("tee.aead = false return tee.aead"), false)
    equal(test.tee("return #tee.random(3), tee.hex.encode('a'), type(tee.aead)"), 3)
    equal(test.tee("return tee.hex.encode('a')"), "61")
    equal(test.tee("return type(tee.aead)"), "table")
end)

case("what makes them appear is out of reach", function()
    equal(test.tee("return getmetatable(tee)"), false)
    raises_text("protected", test.tee, "setmetatable(tee, {})")
    for _, make in ipairs {"tee.digest('sha256')", "tee.mac('sha256', 'k')"} do
        equal(test.tee("return getmetatable(" .. make .. ")"), false)
        raises_text("table expected", test.tee, "setmetatable(" .. make .. ", {})")
        equal(test.tee("local o = " .. make .. " return o.__gc, o.__index, o.__close, o.nothing"), nil)
        raises_text("attempt to index", test.tee, "local o = " .. make .. " o.update = 1")
    end
end)

case("objects do not cross", function()
    raises_text("userdata", test.tee, "return tee.digest('sha256')")
end)

case("HANDLES_MAX: as many objects, no more, and they come back", function()
    local fill = [[
        local held, n = {}, 0
        for i = 1, ... do
            held[i] = i % 8 == 1 and tee.mac("sha512", "key") or tee.digest("sha512")
            n = i
        end
        for _, o in ipairs(held) do o:update("x") end
        return n]]
    for _ = 1, 3 do
        equal(test.tee(fill, HANDLES_MAX), HANDLES_MAX)
        raises_text("32 objects of the TEE are in use", test.tee, fill, HANDLES_MAX + 1)
    end
    -- At once is not limited.
    equal(test.tee([[
        local held = {}
        for i = 1, ... do held[i] = tee.digest("sha256") end
        return #tee.digest("sha256", "x") + #tee.mac("sha256", "k", "x")]], HANDLES_MAX), 64)
end)

-- Fills the session with MACs, and returns how many there are and why there are no more.
local fill_with_macs = [[
    held = {}
    for i = 1, 100 do
        local ok, m = pcall(tee.mac, "sha256", "k")
        if not ok then return i - 1, m end
        held[i] = m
    end]]

case("HANDLES_WEIGHT_MAX: what they take of the TEE's own memory is limited, too", function()
    for _ = 1, 3 do
        local count, why = test.tee(fill_with_macs)
        equal(count, 25)
        test.contains(why, "a session's objects may take 24,576 bytes of the TEE's own memory: 24,400 are in use (25 MACs), " ..
            "and one more of the MACs takes 976")
    end
    raises_text("one more of the keys takes 1,856", test.tee, [[
        local held = {}
        for i = 1, 24 do held[i] = tee.mac("sha256", "k") end
        tee.key.generate {type = "ecdsa-p256"}]])
    -- What was in the way can be ended, and garbage is.
    equal(test.tee([[
        local held = {}
        for i = 1, 24 do held[i] = tee.mac("sha256", "k") end
        table.remove(held):final()
        return tee.key.generate {type = "ecdsa-p256"}.size]]), 256)
    equal(test.tee("for i = 1, 60 do tee.mac('sha256', 'k') end return 1"), 1)
end)

case("sessions that hold all they may leave room for others", function()
    local sessions <close> = setmetatable({}, {__close = function(list) for _, s in ipairs(list) do s:close() end end})
    for i = 1, 4 do
        sessions[i] = tee.open {app = test.app, plaintext = true, backend = test.backend, memory = 512 * 1024}
        equal(sessions[i]:call("eval", "return #require 'macs'"), 25)
        equal(#sessions[i]:call("eval", "return tee.digest('sha256', 'x')"), 32)
    end
end)

case("objects that nobody holds are collected", function()
    equal(test.tee("for i = 1, 1000 do tee.digest('sha256'):update('x') end return 1"), 1)
    equal(test.tee("for i = 1, 1000 do local m <close> = tee.mac('sha384', 'k') m:update('x') end return 1"), 1)
    equal(test.tee("for i = 1, 1000 do pcall(function() local d <close> = tee.digest('sha3-512') error(d) end) end " ..
        "return 1"), 1)
end)

case("a session that ends releases its objects", function()
    for _ = 1, 5 do
        local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend}
        equal(s:call("eval", [[
            held = {}
            for i = 1, ... do held[i] = tee.digest("sha512") end
            return #held]], HANDLES_MAX), HANDLES_MAX)
    end
end)

case("a call that fails leaves nothing open", function()
    for _ = 1, 3 * HANDLES_MAX do
        test.raises(test.tee, "local d = tee.digest('sha256') d:update(nil)")
        test.raises(test.tee, "tee.aead.seal('aes-gcm', 'short', '')")
    end
    equal(#service.digest("sha256", ""), 32)
end)

case("out of memory in a service is an error, and the session goes on", function()
    local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend}
    for _, what in ipairs {
        "tee.hex.encode(x)", "tee.base64.encode(x)", "tee.aead.seal('aes-gcm', ('k'):rep(16), x)",
        "tee.cipher.encrypt('aes-cbc', ('k'):rep(16), x)",
    } do
        raises_text("memory", s.call, s, "eval", "local x = ('x'):rep(6 << 20) return #(" .. what .. ")")
        s:call("eval", "collectgarbage()")
        equal(s:call("eval", "return #tee.random(5)"), 5)
    end
end)

-- Every function with every combination of strange arguments: an error or a result, and the TA lives.
case("nonsense does no harm", function()
    local calls, raised = test.tee([[
        local strange = {
            0, -1, 1, 12, 16, 1 << 62, math.mininteger, math.maxinteger, 0.5, 0/0, 1/0, true, false, "", "\0", "x",
            ("k"):rep(16), ("k"):rep(32), ("n"):rep(12), ("n"):rep(13), ("x"):rep(1000), "sha256", "sha1", "aes-gcm",
            "aes-ccm", "aes-ctr", "aes-cbc", "url", {}, {1}, print, coroutine.create(print), tee.digest("sha256"),
            tee.mac("sha256", "k"),
        }
        local seed = 20240229
        local function pick(n)
            seed = (seed * 1103515245 + 12345) % (1 << 31)
            return seed // 65536 % n + 1
        end
        local functions, first = {}, {
            digest = {"sha256"}, mac = {"sha256", "k"},
            seal = {"aes-ccm", ("k"):rep(16)}, open = {"aes-gcm", ("k"):rep(16)},
            seal_with_unique_nonce = {"aes-ccm", ("k"):rep(16)}, open_with_nonce = {"aes-ccm", ("k"):rep(16)},
            encrypt = {"aes-cbc", ("k"):rep(16)}, decrypt = {"aes-ctr", ("k"):rep(16)},
            encrypt_with_unique_iv = {"aes-ctr", ("k"):rep(16)}, decrypt_with_iv = {"aes-cbc", ("k"):rep(16)},
            hkdf = {"sha256"}, pbkdf2 = {"sha256", "p", "s", 2},
        }
        local stored = {store = true, key = true, counter = true} -- what takes its time
        local function add(t, seldom)
            for name, f in pairs(t) do
                if type(f) == "table" then add(f, stored[name])
                elseif name ~= "call" and not name:find("persistent$") then
                    functions[#functions + 1] = {name, f, seldom or stored[name]}
                end
            end
        end
        add(tee)
        add {update = tee.digest("sha256").update, final = tee.digest("sha256").final}
        add {mac_update = tee.mac("sha256", "").update, verify = tee.mac("sha256", "").verify}
        local calls, raised = 0, 0
        for _, entry in ipairs(functions) do
            for round = 1, entry[3] and 10 or ... do
                local arguments = {}
                for i = 1, pick(7) - 1 do arguments[i] = strange[pick(#strange + 1)] end
                if round % 2 == 0 then
                    for i, argument in ipairs(first[entry[1] ] or {}) do arguments[i] = argument end
                end
                calls = calls + 1
                if not pcall(entry[2], table.unpack(arguments, 1, 6)) then raised = raised + 1 end
            end
        end
        tee.store.clear()
        return calls, raised]], test.backend == "sim" and 2000 or 150)
    test.ok(calls > 3000 and raised > calls // 4 and raised < calls, calls .. " calls, " .. raised .. " errors")
    equal(#service.digest("sha256", ""), 32)
end)
