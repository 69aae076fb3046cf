-- SPDX-License-Identifier: BSD-2-Clause
-- A module that holds as many MACs as the session may have, until it ends; it is a list of them.
local held = {}
repeat
    local ok, mac = pcall(tee.mac, "sha256", "key")
    held[#held + 1] = ok and mac or nil
until not ok
return held
