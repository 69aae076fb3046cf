-- SPDX-License-Identifier: BSD-2-Clause
-- Floats and the math library.
local n = ...
local sum = 0.0
for i = 1, n do
    local x = i / n
    sum = sum + math.sin(x) * math.cos(x) + math.sqrt(x) + math.exp(-x) + math.log(1 + x)
    sum = sum + x ^ 1.5 + math.floor(x * 100) / 7
end
return sum
