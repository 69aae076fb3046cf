-- SPDX-License-Identifier: BSD-2-Clause
-- Measures on a machine whose clock counts instructions (QEMU -icount: one instruction takes one nanosecond). Prints
-- the figures as JSON and as a Markdown table, after the lines "=== json" and "=== markdown". Arguments: the path of
-- null_client, and the size of the TA's image in bytes.

local tee = require "tee"
local clock = require "clock"
local kernels = require "kernels"
local report = require "report"

local null_client, image_size = ...

-- Rounds of one measurement, an odd number. The median counts: other work of the system disturbs only a few rounds.
local ROUNDS = 11

local function median(measure)
    local rounds = {}
    for i = 1, ROUNDS do rounds[i] = measure() end
    table.sort(rounds)
    return rounds[(ROUNDS + 1) // 2]
end

local function cost(count, f)
    f()
    return median(function()
        local start = clock()
        for _ = 1, count do f() end
        return (clock() - start) // count
    end)
end

-- 30 records of three fields: a message of 1,022 bytes, which the other side decodes into 31 tables.
local records = {}
for i = 1, 30 do
    records[i] = {key = i % 20, name = string.format("item %02d", i), value = i + 0.5}
end

-- The same number of bytes in 16 strings.
local strings = {}
for i = 1, 16 do
    strings[i] = string.format("%02d", i):rep(31)
end

local function null_figures()
    local figures = {}
    local output = assert(io.popen(null_client))
    for name, value in output:read("a"):gmatch("(%S+) (%d+)\n") do
        figures[name] = math.tointeger(value)
    end
    assert(output:close(), "null_client failed")
    return figures
end

local app = arg[0]:match("^(.*)/host/[^/]*$")

local function open_and_call()
    local start = clock()
    local s = tee.open {app = app, plaintext = true}
    s:call("empty")
    local spent = clock() - start
    s:close()
    return spent
end

local figures = null_figures()
figures.call_empty = cost(100, function() tee.call("empty") end)
figures.call_records = cost(20, function() tee.call("echo", records) end)
figures.call_strings = cost(20, function() tee.call("echo", strings) end)
figures.open = median(open_and_call)
do
    local s <close> = tee.open {app = app, plaintext = true}
    figures.session_memory = s:info().memory
end
figures.image_size = math.tointeger(image_size)
figures.kernels = kernels.measure(clock, app)

print("=== json")
print(report.json(figures))
print("=== markdown")
print(report.markdown(figures))
