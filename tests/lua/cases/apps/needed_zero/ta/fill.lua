-- SPDX-License-Identifier: BSD-2-Clause
-- Fills the session with small strings and tables, as constructs.lua of Lua's own tests does. `length` words a string.
local length = ...
local kept = {}

local function add(i)
    local text = "(" .. i .. (" or nil"):rep(length) .. ")"
    kept[#kept + 1] = {text, i % 3 == 0}
    kept[#kept + 1] = {"not " .. text, i % 3 ~= 0}
end

for i = 1, math.maxinteger do
    add(i)
end
