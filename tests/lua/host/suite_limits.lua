-- SPDX-License-Identifier: BSD-2-Clause
-- Each limit of abi/limits.h is reached, and one more is an error that leaves the session whole. The numbers are
-- spelled out: whoever changes a limit learns here what it meant.

local tee = require "tee"
local test = require "test"
local case, equal, raises, raises_text = test.case, test.equal, test.raises, test.raises_text

local KIB, MIB = 1024, 1024 * 1024
local BUFFER_SIZE = 16 * KIB
local MESSAGE_MAX = 4 * MIB + 64 * 1024
local DEPTH_MAX = 64
local VALUES_MAX = 32768
local CALL_DEPTH_MAX = 32
local NAME_MAX = 64
local SCRIPT_MAX = 1 * MIB
local LOG_MAX = 4096
local MEMORY_MAX = 12 * MIB

-- A message near the largest needs nearly all of a session's memory; what the case before left behind is in its way.
local function collect() test.tee("collectgarbage()") end

local function still_fine() equal(TA_call("echo", "fine"), "fine") end

case("BUFFER_SIZE: messages of exactly one buffer, and one byte more", function()
    -- A call of echo with one string: array head, name (1 + 4 bytes), string head (3 bytes), string.
    for n = BUFFER_SIZE - 16, BUFFER_SIZE + 4 do
        equal(#TA_call("echo", ("x"):rep(n)), n)
    end
end)

case("MESSAGE_MAX: a message of 4 MiB to the TEE", function()
    equal(test.tee("return #...", ("x"):rep(4 * MIB)), 4 * MIB)
end)

case("MESSAGE_MAX: a message of 4 MiB from the TEE", function()
    local s = test.tee("return ('x'):rep(4 << 20)")
    equal(#s, 4 * MIB)
    test.ok(s == ("x"):rep(4 * MIB), "changed on the way")
end)

case("MESSAGE_MAX: nearly all of it to the TEE", function()
    collect()
    equal(TA_call("length", ("x"):rep(MESSAGE_MAX - 64)), MESSAGE_MAX - 64)
    collect()
end)

case("MESSAGE_MAX: one more is refused", function()
    raises(TA_call, "length", ("x"):rep(MESSAGE_MAX))
    still_fine()
end)

case("MESSAGE_MAX: a result above it is refused", function()
    raises(test.tee, "return ('x'):rep(5 << 20)")
    still_fine()
end)

case("VALUE_DEPTH_MAX", function()
    local function deep(n)
        local t = {}
        for _ = 2, n do t = {t} end
        return t
    end
    equal(TA_call("echo", deep(DEPTH_MAX)), deep(DEPTH_MAX))
    raises_text("deep", TA_call, "echo", deep(DEPTH_MAX + 1))
end)

case("VALUES_MAX: arguments", function()
    local t = {}
    for i = 1, VALUES_MAX do t[i] = i end
    equal(TA_call("count", table.unpack(t)), VALUES_MAX)
    raises(TA_call, "count", table.unpack(t, 1, VALUES_MAX + 1))
    still_fine()
end)

case("VALUES_MAX: results", function()
    local source = "local t = {} for i = 1, ... do t[i] = i end return table.unpack(t)"
    equal(select("#", test.tee(source, VALUES_MAX)), VALUES_MAX)
    equal(select(VALUES_MAX, test.tee(source, VALUES_MAX)), VALUES_MAX)
    test.raises_text("too many results: at most 32768 can cross", test.tee, source, VALUES_MAX + 1)
    still_fine()
end)

case("CALL_DEPTH_MAX: reached", function()
    equal(TA_call("descend", CALL_DEPTH_MAX), CALL_DEPTH_MAX)
end)

case("CALL_DEPTH_MAX: one more", function()
    equal(type(raises(TA_call, "descend", CALL_DEPTH_MAX + 1)), "string")
    equal(TA_call("descend", CALL_DEPTH_MAX), CALL_DEPTH_MAX)
end)

case("NAME_MAX: script names", function()
    equal(TA_call("a_name_of_sixty_four_characters_is_the_longest_that_is_allowed_x"), "long name")
    local e = raises(TA_call, ("n"):rep(NAME_MAX + 1))
    test.ok(type(e) == "string" and #e < 300, test.show(e))
end)

-- Scripts of a size are written into an app of their own, made for this suite.
local folder = os.tmpname()
os.remove(folder)
local made = os.execute("mkdir -p " .. folder .. "/limits/ta") and folder .. "/limits"

local function script(name, source)
    local file = assert(io.open(made .. "/ta/" .. name .. ".lua", "w"))
    assert(file:write(source))
    file:close()
end

case("SCRIPT_MAX: a script of exactly that size, and one byte more", function()
    local tail = "return 'whole'"
    script("largest", ("-"):rep(2) .. (" "):rep(SCRIPT_MAX - #tail - 3) .. "\n" .. tail)
    script("too_large", ("-"):rep(2) .. (" "):rep(SCRIPT_MAX - #tail - 2) .. "\n" .. tail)
    local s <close> = tee.open {app = made, plaintext = true, backend = test.backend}
    equal(s:call("largest"), "whole")
    local e = raises(s.call, s, "too_large")
    test.contains(e, "too_large")
    equal(s:call("largest"), "whole")
end)
os.execute("rm -rf " .. folder)

case("LOG_MAX: more print output than one answer carries", function()
    equal(test.tee("for i = 1, ... do print(('p'):rep(79)) end return 1", 2 * LOG_MAX // 80), 1)
    still_fine()
end)

case("TRACEBACK_MAX: an error from deep recursion", function()
    raises_text("stack overflow", test.tee, "local function f(n) return 1 + f(n + 1) end return f(1)")
    still_fine()
end)

case("TA_MEMORY_MAX: a session can use most of it", function()
    -- Real OP-TEE in QEMU has 15 MiB of secure memory for everything, and the other session keeps most of what it had.
    local mebibytes = test.backend == "sim" and 9 or 3
    collect()
    local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend}
    local source = "local t = {} for i = 1, ... do t[i] = ('x'):rep(65000) .. i end return #t"
    equal(s:call("eval", source, 16 * mebibytes), 16 * mebibytes)
    equal(s:info().memory_max, MEMORY_MAX)
    test.ok(s:info().memory_peak <= MEMORY_MAX)
end)

case("TA_MEMORY_MAX: not more, and it comes back", function()
    local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend}
    for _ = 1, 3 do
        raises_text("memory", s.call, s, "eval",
            "local t = {} for i = 1, 13 * 16 do t[i] = ('x'):rep(65000) .. i end return #t")
    end
    s:call("eval", "collectgarbage()")
    test.ok(s:info().memory < MIB, "after the error " .. s:info().memory .. " bytes are still in use")
end)

case("NUMERAL_MAX", function()
    local lengths, digits, zero, radix, hexadecimal, added = TA_call("eval", [[
        local MAX <const> = 1024 * 1024
        local function zeros(n) return ("0"):rep(n) end
        return MAX, tonumber(zeros(MAX)), tonumber(zeros(MAX + 1)) == nil, tonumber(zeros(MAX + 1), 10) == nil,
            tonumber("0x" .. zeros(MAX - 2)), pcall(function() return zeros(MAX + 1) + 1 end)]])
    equal(lengths, 1024 * 1024)
    equal(digits, 0)
    equal(zero, true)
    equal(radix, true)
    equal(hexadecimal, 0)
    equal(added, false)
end)
