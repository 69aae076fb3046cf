-- SPDX-License-Identifier: BSD-2-Clause
-- A list of n small tables: the host allocates a lot while it takes them.
local n = ...
local list = {}
for i = 1, n do
    list[i] = {name = "entry " .. i, at = {i, i + 0.5}}
end
return list
