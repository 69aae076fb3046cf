-- SPDX-License-Identifier: BSD-2-Clause
-- Escapes and exhaustion: luatee run -u tests/lua/escape [NAME...]. Each ta/NAME.lua is a published class of attacks on a Lua
-- sandbox, and lists cases: what is tried, and how it must end. After each the session must still run a script right.

local tee = require "tee"

-- Small, so that what runs until its budget is empty does not take minutes in QEMU.
local FUEL, MEMORY = 5000000, 4 * 1024 * 1024

local folder = arg[0]:match("^(.*)/host/[^/]*$")

-- The names of all classes: the scripts that list cases, which they do with `require "cases"`.
local function list()
    local names = {}
    local pipe <close> = assert(io.popen("grep -l 'require \"cases\"' '" .. folder .. "'/ta/*.lua"))
    for file in pipe:lines() do names[#names + 1] = file:match("([^/]*)%.lua$") end
    assert(#names > 0, "there are no classes in " .. folder .. "/ta")
    return names
end

local passed, failed = 0, 0
local backend = tee.info().backend

local function report(ok, name, ...)
    if ok then passed = passed + 1 return end
    failed = failed + 1
    print("FAIL " .. name .. ":", ...)
    io.stdout:flush()
end

local function open(fuel)
    return tee.open {app = folder, backend = backend, plaintext = true, fuel = fuel,
        memory = MEMORY}
end

-- expected: one or more texts, with | between them.
local function mentions(e, expected)
    if expected == "" then return true end
    for words in expected:gmatch("[^|]+") do
        if e:find(words, 1, true) then return true end
    end
    return false
end

-- expected: true, the case returns without an error; otherwise words of its error ("": any error).
local function try(s, class, number, name, expected)
    local ok, e = pcall(s.call, s, class, number)
    if expected == true then
        report(ok, name, e)
    else
        report(not ok and type(e) == "string" and mentions(e, expected), name, ok and "no error" or e,
            "expected: " .. expected)
    end
    local alive, result = pcall(s.call, s, "alive", 21)
    report(alive and result == 42, name .. ", and then", result)
end

local wanted = {...}
if #wanted == 0 then wanted = list() end
for _, class in ipairs(wanted) do
    local s <close> = open(FUEL)
    for number, case in ipairs(s:call(class)) do
        try(s, class, number, class .. ", " .. case[1], case[2])
    end
end

-- Not in the list: it takes its time.
if #{...} == 0 then
    local s <close> = open()
    for i = 1, 100 do
        local _, e = pcall(s:with{deadline = 0.2}.call, "forever")
        report(e == "cancelled: the deadline is over" and s:call("alive", i) == 2 * i, "cancelled 100 times, " .. i, e)
    end
end

print(string.format("%d passed, %d failed", passed, failed))
if failed > 0 then error(failed .. " failed", 0) end
