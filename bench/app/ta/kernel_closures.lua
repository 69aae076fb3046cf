-- SPDX-License-Identifier: BSD-2-Clause
-- Makes and calls closures with upvalues.
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
