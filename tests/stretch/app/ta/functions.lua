-- SPDX-License-Identifier: BSD-2-Clause
-- Returns the names of all functions that a script can reach by a name.
local names, seen = {}, {}

local function walk(prefix, t)
    if seen[t] then return end
    seen[t] = true
    for key, value in pairs(t) do
        if type(value) == "function" then
            names[#names + 1] = prefix .. key
        elseif type(value) == "table" then
            walk(prefix .. key .. ".", value)
        end
    end
end

walk("", _G)
return names
