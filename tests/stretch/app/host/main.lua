-- SPDX-License-Identifier: BSD-2-Clause
-- Measures, for the worst input of each function, instruction and service, the longest stretch between two looks at the
-- call's deadline. Needs the measuring build of the TA, in QEMU with -icount shift=0, where a millisecond of the TEE's time
-- is a million instructions: `make stretch`.
--
-- With another TA every input runs once, and only that each function has an input is tested.
--
-- Arguments: the definition file of the trusted side, Lua's lopcodes.h; then parts of names, groups, or numbers
-- such as 3/8, the third of every eight (but for exceptions): only the inputs that one of them fits are measured. Prints the table, longest first, then
-- what is above the limit, then "N passed, N failed".

local tee = require "tee"
local complete = require "complete"
local crossing = require "crossing"
local exceptions = require "exceptions"

local GROUPS = {"in_base", "in_string", "in_table", "in_vm", "in_services", "in_keys", "in_storage", "in_crossing"}

-- Stretches are at most so many slices long.
local LIMIT = 2

-- Seconds of the TEE's time after which a call must end that does not end by itself.
local DEADLINE = 2

local app = arg[0]:match("^(.*)/host/[^/]*$")
local definitions, opcodes = ...
local wanted = {select(3, ...)}

local function is_wanted(group, name, number)
    if #wanted == 0 then return true end
    for _, part in ipairs(wanted) do
        local first, every = part:match("^(%d+)/(%d+)$")
        if part == group or name:find(part, 1, true) then return true end
        if every and number % every == first % every and not exceptions[name] then return true end
    end
    return false
end

local function open(folder)
    local s = tee.open {app = folder or app, plaintext = true}
    s:call("longest")
    return s
end

-- Runs f(call) in the session. Returns the longest stretch of all and of the loop alone, and the error.
local function measure(s, f)
    local ok, why = pcall(f, s:with({deadline = DEADLINE}).call)
    local fine, whole, loop = pcall(s.call, s, "longest")
    if not fine then return nil, nil, whole end
    return whole, loop, not ok and tostring(why):match("^[^\n]*") or nil
end

-- Whether this TA is the measuring build.
local function measures()
    local s <close> = tee.open {app = app, plaintext = true}
    return s:call("longest") ~= nil
end

-- A slice of the plainest loop there is.
local function measure_slice()
    local s <close> = open()
    return s:call("slice")
end

local slice = measures() and measure_slice()
local long = slice and math.ceil(slice * (LIMIT + 0.2)) or 0
local results, names = {}, {}

-- Returns whether the session can go on.
local function add(name, s, f)
    local whole, loop, why = measure(s, f)
    io.stderr:write(("%s\t%s\t%s\t%s\n"):format(whole, loop, name, why or ""))
    results[#results + 1] = {name = name, whole = whole or slice and math.huge or 0, loop = loop or 0, why = why}
    return whole ~= nil or not slice
end

local function chosen(group, name)
    names[#names + 1] = name
    return is_wanted(group, name, #names)
end

for _, group in ipairs(GROUPS) do
    local s = open()
    local of_group = s:call("measure", group)
    table.sort(of_group)
    for _, name in ipairs(of_group) do
        if chosen(group, name) and
            not add(name, s, function(call) call("measure", group, name, long) end) then
            s = open()
        end
    end
    s:close()
end
for _, input in ipairs(crossing.inputs(app)) do
    if chosen("crossing", input.name) then
        local s <close> = open(input.app)
        add(input.name, s, input.run)
    end
end

local function print_table()
    print(("The longest stretch between two looks at the deadline, on OP-TEE in QEMU (`make stretch`). A slice of an empty loop: "
        .. "%.1f million instructions. The limit is %d slices, but for the steps in docs/metering.md."):format(slice, LIMIT))
    print()
    print("| input | million instructions | slices | the loop alone | how it ended |")
    print("| --- | ---: | ---: | ---: | --- |")
    for _, r in ipairs(results) do
        print(("| %s | %.0f | %.1f | %s | %s |"):format(r.name, r.whole, r.whole / slice,
            r.loop < r.whole and ("%.0f"):format(r.loop) or "", r.why or ""))
    end
    print()
end

table.sort(results, function(a, b)
    if a.whole ~= b.whole then return a.whole > b.whole end
    return a.name < b.name
end)
if slice then print_table() end

local missing, passed = complete.missing(names, definitions, opcodes)
local failed = #missing
for _, name in ipairs(missing) do print("FAIL no input for " .. name) end
for _, r in ipairs(slice and results or {}) do
    if r.whole > (exceptions[r.name] or LIMIT) * slice then
        failed = failed + 1
        print("FAIL " .. r.name)
    else
        passed = passed + 1
    end
end
print(("%d passed, %d failed"):format(passed, failed))
if failed > 0 then os.exit(1) end
