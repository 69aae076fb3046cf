-- SPDX-License-Identifier: BSD-2-Clause
-- Raw public keys of X25519 may be any 32 bytes. Derives with a peer for each first byte, in each form; of the forms but
-- raw only one of `step` first bytes. Returns a list of what went wrong.
local step = ...
local spki = tee.hex.decode "302a300506032b656e032100"
local cose = tee.hex.decode "a301012004215820" -- {1: 1, -1: 4, -2: x}
local ours = tee.key.generate {type = "x25519"}
local wrong = {}

local function derive(peer)
    local key <close>, why = ours:derive {type = "hmac-sha256", peer = peer, info = "test", extractable = true}
    return key and key:export() or why
end

local function pem(der)
    return "-----BEGIN PUBLIC KEY-----\n" .. tee.base64.encode(der) .. "\n-----END PUBLIC KEY-----\n"
end

local function check(raw)
    local expected = derive(spki .. raw)
    for form, peer in pairs {raw = raw, cose = cose .. raw, pem = pem(spki .. raw)} do
        if form == "raw" or raw:byte() % step == 0 then
            local derived = derive(peer)
            if #derived ~= 32 or derived ~= expected then
                wrong[#wrong + 1] = form .. " of " .. tee.hex.encode(raw) .. ": " .. tee.hex.encode(derived)
            end
        end
    end
end

for byte = 0, 255 do
    check(string.char(byte) .. ("\x55"):rep(31))
end
check("-----BEGIN PUBLIC KEY-----\nabcde") -- which is 32 bytes, and so a raw key
return wrong
