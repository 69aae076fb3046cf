-- SPDX-License-Identifier: BSD-2-Clause
-- The TEE asks for a confirmation: before a payment, a trusted script calls a host function that asks the user.
--     luatee run -u examples/confirm [y|n]
local tee = require "tee"
local answer = ...

-- Trusted scripts can call this function as tee.host.confirm(text).
tee.export("confirm", function(text)
    io.write(text, " [y/n] ")
    local line = answer or io.read() or "n"
    if answer then print(answer) end
    return line == "y"
end)

for _, amount in ipairs {5, 500} do
    local ok, result = pcall(tee.call, "pay", amount, "the baker")
    print(ok and result or "refused: " .. result.reason)
end
