-- SPDX-License-Identifier: BSD-2-Clause
-- Decides what needs a confirmation. The answer comes from Linux: it is a wish, and the limit below is the law.
local amount, to = ...
local FREE, LIMIT = 10, 1000

if amount > LIMIT then
    error {reason = "more than " .. LIMIT}
end
if amount > FREE and not tee.host.confirm("Pay " .. amount .. " to " .. to .. "?") then
    error {reason = "not confirmed"}
end
return "paid " .. amount
