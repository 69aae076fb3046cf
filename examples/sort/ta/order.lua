-- SPDX-License-Identifier: BSD-2-Clause
-- The caller of this function can compare offers but does not see their prices, which stay in the TEE.
local prices = {bolts = 30, nuts = 12, screws = 25, springs = 90, washers = 4}

return function(a, b)
    return prices[a] < prices[b]
end
