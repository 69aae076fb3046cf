-- SPDX-License-Identifier: BSD-2-Clause
-- Measures, for the worst input of each function, instruction and service, the longest stretch between two looks at the
-- call's deadline. Needs the measuring build of the TA, in QEMU with -icount shift=0, where a millisecond of the TEE's time
-- is a million instructions: `make stretch`.
--
-- Arguments: parts of names; only the inputs whose name has one of them are measured. Prints the table, longest first, then
-- what is above the limit, then "N passed, N failed".

local tee = require "tee"
local crossing = require "crossing"
local exceptions = require "exceptions"

local GROUPS = {"in_base", "in_string", "in_table", "in_vm", "in_services", "in_keys", "in_storage", "in_crossing"}

-- Stretches are at most so many slices long.
local LIMIT = 2

-- Seconds of the TEE's time after which a call must end that does not end by itself.
local DEADLINE = 2

local app = arg[0]:match("^(.*)/host/[^/]*$")
local wanted = {...}

local function is_wanted(name)
    if #wanted == 0 then return true end
    for _, part in ipairs(wanted) do
        if name:find(part, 1, true) then return true end
    end
    return false
end

-- Runs f(call, session) in a session of its own. Returns the longest stretch of all and of the loop alone, and the error.
local function measure(options, f)
    local s <close> = tee.open {app = options.app or app, plaintext = true}
    local short = s:with {deadline = DEADLINE}
    s:call("longest")
    local ok, why = pcall(f, short.call, s)
    local fine, whole, loop = pcall(s.call, s, "longest")
    if not fine then return nil, nil, whole end
    return whole, loop, not ok and tostring(why):match("^[^\n]*") or nil
end

-- A slice of the plainest loop there is.
local function measure_slice()
    return (measure({}, function(call) call("slice") end))
end

local slice = measure_slice()
local results = {}

local function add(name, options, f)
    if not is_wanted(name) then return end
    io.stderr:write(name, "\n")
    local whole, loop, why = measure(options, f)
    results[#results + 1] = {name = name, whole = whole or math.huge, loop = loop or math.huge, why = why}
end

for _, group in ipairs(GROUPS) do
    local names
    do
        local s <close> = tee.open {app = app, plaintext = true}
        names = s:call("measure", group)
    end
    table.sort(names)
    for _, name in ipairs(names) do
        add(name, {}, function(call) call("measure", group, name) end)
    end
end
for _, input in ipairs(crossing.inputs(app)) do
    add(input.name, input, input.run)
end

table.sort(results, function(a, b)
    if a.whole ~= b.whole then return a.whole > b.whole end
    return a.name < b.name
end)

print(("A slice of an empty loop: %d million instructions; the limit is %d slices."):format(slice, LIMIT))
print()
print("| input | million instructions | slices | before the loop | how it ended |")
print("| --- | ---: | ---: | ---: | --- |")
local passed, failed = 0, {}
for _, r in ipairs(results) do
    local slices = r.whole / slice
    print(("| %s | %.0f | %.1f | %s | %s |"):format(r.name, r.whole, slices,
        r.loop < r.whole and ("%.0f in the loop"):format(r.loop) or "", r.why or ""))
    local exception = exceptions[r.name]
    if slices > (exception and exception.slices or LIMIT) then
        failed[#failed + 1] = r.name
    else
        passed = passed + 1
    end
end
print()
for _, name in ipairs(failed) do print("FAIL " .. name) end
print(("%d passed, %d failed"):format(passed, #failed))
if #failed > 0 then os.exit(1) end
