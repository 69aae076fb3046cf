-- SPDX-License-Identifier: BSD-2-Clause
-- For random.lua: four numbers, after setting a seed if one was given.
if ... then math.randomseed(...) end
local t = {}
for i = 1, 4 do t[i] = math.random(0) end
return table.concat(t, " ")
