-- SPDX-License-Identifier: BSD-2-Clause
-- A trusted module with a state and a global of its own.
local count = 0
counter_global = "the module's"

local counter = {}

function counter.next()
    count = count + 1
    return count
end

function counter.global()
    return counter_global
end

return counter
