-- SPDX-License-Identifier: BSD-2-Clause
-- Whoever gets this function can compare, and cannot see what by: the prices stay in the TEE.
local prices = {bolts = 30, nuts = 12, screws = 25, springs = 90, washers = 4}

return function(a, b)
    return prices[a] < prices[b]
end
