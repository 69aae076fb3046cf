-- SPDX-License-Identifier: BSD-2-Clause
-- Integer arithmetic in a loop: a linear congruential generator.
local n = ...
local x, sum = 12345, 0
for i = 1, n do
    x = (x * 1103515245 + 12345) & 0x7fffffff
    sum = sum ~ (x >> 3) + i % 7
end
return sum
