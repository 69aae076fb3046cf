-- SPDX-License-Identifier: BSD-2-Clause
-- Runs one input of a group: measure(GROUP, NAME, MILLISECONDS). Without NAME it returns the names of the group's inputs. An input is a
-- function that gets `loop`, prepares what it needs, and hands a function to `loop`, which calls it once, and again until so much of the
-- TEE's time is over: longer than a stretch may be.
local group, name, long = ...
local inputs = require(group)
if not name then
    local names = {}
    for known in pairs(inputs) do names[#names + 1] = known end
    return names
end

local function loop(f)
    local _, _, _, _, began = tee.fuel("begin")
    repeat
        f()
        local _, _, _, _, now = tee.fuel()
    until not now or now - began > long -- nil: not the measuring build
end

inputs[name](loop)
