-- SPDX-License-Identifier: BSD-2-Clause
-- As a script: a new counter, which is a function. As a module: a table with one, and `same`.
local n = 0
local function count(step)
    n = n + (step or 1)
    return n
end
if ... ~= "counter" then return count end
return {count = count, same = function(f) return f == count end}
