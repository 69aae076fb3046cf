-- SPDX-License-Identifier: BSD-2-Clause
-- The policy: who may do what and where. When you change this file, raise `sequence` in manifest.lua.
local roles = {
    alice = "keeper",
    bob = "gone", -- was a keeper until policy 2
    carol = "guest",
}

local areas = {
    lobby = {guest = true, keeper = true},
    vault = {keeper = true},
}

-- The largest amount that one request may take, by role.
local limits = {keeper = 500}

local actions = {}

function actions.enter(who, where)
    local area = areas[where]
    if not area then return false, "there is no area " .. where end
    return area[roles[who]] == true, "not with this badge"
end

function actions.take(who, where, amount)
    if not actions.enter(who, where) then return false, "not with this badge" end
    local limit = limits[roles[who]] or 0
    return amount <= limit, "the limit is " .. limit
end

return {policy = 2, actions = actions} -- every grant has the policy's number
