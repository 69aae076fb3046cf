-- SPDX-License-Identifier: BSD-2-Clause
-- The Lua kernels. Each ta/kernel_*.lua runs in the TA, and in Linux on the stock Lua that luatee embeds (5.4.9, -O2).
local kernels = {}

-- Name, size of the work, size for warming up.
local list = {
    {"fib", 24, 5}, {"integer_loop", 400000, 10}, {"table", 60, 1}, {"string", 4000, 10}, {"math", 30000, 10},
    {"small_allocations", 60, 1}, {"sieve", 120000, 10}, {"closures", 50000, 10},
}

local function timed(clock, f, ...)
    collectgarbage()
    local start = clock()
    local result = f(...)
    return clock() - start, result
end

-- The collector and the timer make rounds differ, so the figure is the mean of several.
local ROUNDS = 3

function kernels.measure(clock, app)
    local figures = {}
    for i, kernel in ipairs(list) do
        local name, size, small = table.unpack(kernel)
        local script = "kernel_" .. name
        local stock = assert(loadfile(app .. "/ta/" .. script .. ".lua"))
        TA_call(script, small)
        stock(small)
        local in_ta, in_linux = 0, 0
        for _ = 1, ROUNDS do
            local spent, result = timed(clock, TA_call, script, size)
            local spent_linux, expected = timed(clock, stock, size)
            assert(result == expected or math.abs(result - expected) < 1e-6 * math.abs(expected),
                name .. ": other result")
            in_ta, in_linux = in_ta + spent, in_linux + spent_linux
        end
        figures[i] = {name = name, ta = in_ta // ROUNDS, linux = in_linux // ROUNDS}
    end
    return figures
end

return kernels
