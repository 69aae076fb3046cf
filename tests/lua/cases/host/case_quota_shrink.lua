-- SPDX-License-Identifier: BSD-2-Clause
-- Blocks that shrink when no memory is left: pages held never exceed the quota and its reserve. Shrinking arrays took
-- pages above the quota, and what was free in them served anything: memory_peak exceeded the quota by a quarter.

local case = require "case"
local test = require "test"

local KIB = 1024
local MEMORY = 1024 * KIB
local RESERVE = 32 * KIB -- ALLOC_RESERVE in core/base/alloc.h

case.run("quota_shrink", "pages never exceed the quota and the reserve", function(s)
    test.ok(s:call("main", 80) > 200, "arrays shrank while there was no memory")
    local info = s:info()
    test.equal(info.memory_max, MEMORY)
    test.ok(info.memory_peak > MEMORY - 8 * KIB, "the memory was full")
    test.ok(info.memory_peak <= MEMORY + RESERVE, "memory_peak is " .. info.memory_peak // KIB .. " KiB")
end, {memory = MEMORY})
