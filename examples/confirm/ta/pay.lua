-- SPDX-License-Identifier: BSD-2-Clause
-- Decides which payments need a confirmation. The confirmation comes from Linux and can be forged, so LIMIT applies
-- even to confirmed payments.
local amount, to = ...
local FREE, LIMIT = 10, 1000

if amount > LIMIT then
    error {reason = "the limit is " .. LIMIT}
end
if amount > FREE and not tee.host.confirm("Pay " .. amount .. " to " .. to .. "?") then
    error {reason = "not confirmed"}
end
return "paid " .. amount
