-- SPDX-License-Identifier: BSD-2-Clause
-- Tables of moderate size: fills, sorts and reads records.
local n = ...
local total = 0
for round = 1, n do
    local t = {}
    for i = 1, 100 do
        t[i] = {key = (i * 7919 + round) % 101, name = "entry", value = i}
    end
    table.sort(t, function(a, b) return a.key < b.key end)
    for _, entry in ipairs(t) do
        total = total + entry.key * entry.value
    end
end
return total
