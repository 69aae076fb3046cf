-- SPDX-License-Identifier: BSD-2-Clause
-- A class of attacks: cases(number, {{name, expected, function}, ...}). Without a number: the names, and how each must end.
local function cases(number, list)
    if number then return list[number][3]() end
    local out = {}
    for i, case in ipairs(list) do out[i] = {case[1], case[2]} end
    return out
end
return cases
