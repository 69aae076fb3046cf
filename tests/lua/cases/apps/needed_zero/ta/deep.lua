-- SPDX-License-Identifier: BSD-2-Clause
-- Short of memory at a depth where the traceback is as long as tracebacks get.
local kept = {}

local function a_function_with_a_long_name(depth)
    if depth > 0 then
        local results = {a_function_with_a_long_name(depth - 1)}
        return results
    end
    for i = 1, math.maxinteger do
        kept[i] = {i}
    end
    return #kept
end
return a_function_with_a_long_name(100)
