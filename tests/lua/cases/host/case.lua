-- SPDX-License-Identifier: BSD-2-Clause
-- The helper of the cases.

local tee = require "tee"
local test = require "test"

local case = {}

-- Opens a session of the app apps/NAME. `options` are more options of tee.open, or nil.
function case.open(name, options)
    local all = {app = test.app .. "/apps/" .. name, plaintext = true, backend = test.backend}
    for option, value in pairs(options or {}) do
        all[option] = value
    end
    return tee.open(all)
end

-- Runs one test, named `what`: body(s) with a session s of the app apps/NAME. The session must be alive at the end.
function case.run(name, what, body, options)
    test.case(what, function()
        local s <close> = case.open(name, options)
        body(s)
        local alive, why = pcall(s.info, s)
        test.ok(alive, "the session is dead: " .. tostring(why))
    end)
end

return case
