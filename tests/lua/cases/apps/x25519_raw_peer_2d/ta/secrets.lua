-- SPDX-License-Identifier: BSD-2-Clause
-- Raw secrets may begin with any byte. Returns a list of what went wrong.
local wrong = {}
for _, type in ipairs {"aes", "hmac-sha256", "ed25519", "x25519"} do
    for byte = 0, 255 do
        local raw = string.char(byte) .. ("\x55"):rep(31)
        local key <close>, why = tee.key.import {type = type, raw = raw, extractable = true}
        if not key or key:export "raw" ~= raw then
            wrong[#wrong + 1] = ("%s, first byte 0x%02x: %s"):format(type, byte, why)
        end
    end
end
return wrong
