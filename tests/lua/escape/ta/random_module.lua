-- SPDX-License-Identifier: BSD-2-Clause
-- For random.lua: another script of the session.
local function numbers()
    local t = {}
    for i = 1, 4 do t[i] = math.random(0) end
    return table.concat(t, " ")
end
return {numbers = numbers, seed = math.randomseed}
