-- SPDX-License-Identifier: BSD-2-Clause
-- What has the size of a form but another first byte has that form no more: nil and a message. Returns a list of what went
-- wrong.
local wrong = {}

-- `taken`: the only first byte with which the data are a key.
local function check(what, data, taken, try)
    for byte = 0, 255 do
        local key <close>, why = try(string.char(byte) .. data:sub(2))
        if (key ~= nil) ~= (byte == taken) or not key and not why:find("not a", 1, true) then
            wrong[#wrong + 1] = ("%s, first byte 0x%02x: %s %s"):format(what, byte, key, why)
        end
    end
end

for _, type in ipairs {"x25519", "ecdh-p256"} do
    local ours, theirs = tee.key.generate {type = type}, tee.key.generate {type = type, extractable = true}
    local function peer(data) return ours:derive {type = "aes", peer = data} end
    check(type .. " peer, der", theirs:public "der", 0x30, peer)
    check(type .. " peer, cose", theirs:public "cose", theirs:public "cose":byte(), peer)
    check(type .. " peer, pem", theirs:public "pem", 0x2d, peer)
    if type == "ecdh-p256" then
        check(type .. " peer, raw", theirs:public "raw", 4, peer)
    end
    for _, form in ipairs {"der", "cose"} do
        local secret = theirs:export(form)
        check(type .. " import, " .. form, secret, secret:byte(), function(data)
            return tee.key.import {type = type, [form] = data}
        end)
    end
end
return wrong
