-- SPDX-License-Identifier: BSD-2-Clause
-- measure.sh: each case in a session of its own, so that the TA reports the stack of each.
local tee = require "tee"
local app = arg[0]:match("^(.*)/host/main%.lua$")

local function run(name, size)
    local session <close> = tee.open{ app = app, plaintext = true }
    local _, message = pcall(session.call, session, "deep_cases", name, size)
    print(name .. (size and " of " .. size or "") .. "\t" .. tostring(message):gsub("\n.*", ""):sub(1, 60))
end

local names
do
    local session <close> = tee.open{ app = app, plaintext = true }
    names = session:call("deep_cases")
end
for _, name in ipairs(names) do run(name) end
run("table.sort", 32)
run("table.sort", 1024)
