-- SPDX-License-Identifier: BSD-2-Clause
-- Measures, on a machine whose clock counts instructions (QEMU -icount: one instruction takes one nanosecond), and
-- prints
-- the figures as JSON and as a table, each after a line that names it. Arguments: the path of null_client, the size of
-- the
-- TA's image in bytes.

local tee = require "tee"
local clock = require "clock"
local kernels = require "kernels"
local report = require "report"

local null_client, image_size = ...

local function mean(warm, count, f)
    for _ = 1, warm do f() end
    local start = clock()
    for _ = 1, count do f() end
    return (clock() - start) // count
end

-- 30 records of three fields: 1,022 bytes as a message, and 31 tables to make on the other side.
local records = {}
for i = 1, 30 do
    records[i] = {key = i % 20, name = string.format("item %02d", i), value = i + 0.5}
end

-- As many bytes in 16 strings.
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

local function opens(warm, count)
    local spent = 0
    for i = 1, warm + count do
        local one = open_and_call()
        if i > warm then spent = spent + one end
    end
    return spent // count
end

local figures = null_figures()
figures.call_empty = mean(50, 1000, function() tee.call("empty") end)
figures.call_records = mean(20, 200, function() tee.call("echo", records) end)
figures.call_strings = mean(20, 200, function() tee.call("echo", strings) end)
figures.open = opens(2, 5)
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
