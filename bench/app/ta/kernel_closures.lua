-- SPDX-License-Identifier: BSD-2-Clause
-- Closures and upvalues made and called.
local function counter(step)
    local n = 0
    return function()
        n = n + step
        return n
    end
end

local n, total = ..., 0
for i = 1, n do
    local a, b = counter(i), counter(1)
    a()
    total = total + a() + b()
end
return total
