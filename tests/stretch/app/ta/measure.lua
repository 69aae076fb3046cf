-- SPDX-License-Identifier: BSD-2-Clause
-- Runs one input of a group: measure(GROUP, NAME). Without NAME it returns the names of the group's inputs. An input is a
-- function that gets `loop`, prepares what it needs, and hands a function to `loop`, which calls it over and over.
local group, name = ...
local inputs = require(group)
if not name then
    local names = {}
    for known in pairs(inputs) do names[#names + 1] = known end
    return names
end

-- Milliseconds of the TEE's time, which are millions of instructions: longer than any stretch should be.
local LOOP = 300

local function loop(f)
    local _, _, _, _, began = tee.fuel("begin")
    repeat
        f()
        local _, _, _, _, now = tee.fuel()
    until now - began > LOOP
end

inputs[name](loop)
