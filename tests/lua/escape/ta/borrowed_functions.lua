-- SPDX-License-Identifier: BSD-2-Clause
-- Functions of the TEE that a script gets into its hands, called with what they were not made for; and metamethods that pull
-- away what a function is at work with.
local cases = require "cases"

local next_service = pairs(tee)

local function refused(...)
    for _, value in ipairs {...} do
        local ok, e = pcall(next_service, value)
        assert(not ok and e:find("table expected", 1, true), e)
    end
    assert(not pcall(next_service))
    return true
end

local function key(kind) return tee.key.generate {type = kind, usage = {"derive"}} end
local function closing(k, at, options)
    return setmetatable(options, {__index = function(_, name) if name == at then k:close() end end})
end

return cases((...), {
    {"the iterator of tee, on what is no table", true, function()
        return refused("abc", ("A"):rep(100), 0x4141414141414141, print, 1.5, true, coroutine.create(print))
    end},
    {"a key that closes itself while it derives", true, function()
        local k = key "hmac-sha256"
        pcall(k.derive, k, closing(k, "info", {type = "aes"}))
        local x = key "x25519"
        pcall(x.derive, x, closing(x, "peer", {type = "aes"}))
    end},
    {"options that derive again, without end", true, function()
        local k = key "hmac-sha256"
        local options = {}
        setmetatable(options, {__index = function() return k:derive(options) end})
        assert(not pcall(k.derive, k, options))
    end},
})
