-- SPDX-License-Identifier: BSD-2-Clause
-- The test helper: named cases, exact comparison, and expected errors. A case counts as one test.

local test = {passed = 0, failed = 0}

local SHOWN_MAX = 200 -- characters of a value in a message
local current = "?"

-- Runs one named case. An error in it fails the case and not the suite.
function test.case(name, body)
    local ok, why = xpcall(body, function(e)
        return type(e) == "table" and e.test_failure or debug.traceback(test.show(e), 2)
    end)
    if ok then
        test.passed = test.passed + 1
    else
        test.failed = test.failed + 1
        print("FAIL " .. current .. ": " .. name .. ": " .. tostring(why))
        io.stdout:flush()
    end
end

local function fail(message)
    -- Level 3: the line of the test that called the assertion.
    local at = debug.getinfo(3, "Sl")
    error({test_failure = string.format("%s (%s:%d)", message, at.short_src, at.currentline)}, 0)
end

-- A value as a person reads it, with what Lua's own tostring hides: quotes, floats, the sign of zero, contents of
-- tables.
function test.show(v, depth)
    depth = depth or 0
    local text
    if type(v) == "string" then
        text = string.format("%q", v)
    elseif math.type(v) == "float" then
        text = v ~= v and "nan" or string.format("%.17g (float)", v)
    elseif type(v) == "table" and depth < 4 then
        local parts = {}
        for key, value in pairs(v) do
            parts[#parts + 1] = "[" .. test.show(key, depth + 1) .. "]=" .. test.show(value, depth + 1)
            if #parts == 12 then parts[#parts + 1] = "..." break end
        end
        text = "{" .. table.concat(parts, ", ") .. "}"
    else
        text = tostring(v)
    end
    return #text > SHOWN_MAX and text:sub(1, SHOWN_MAX) .. "..." or text
end

-- Equal to the bit: 1 is not 1.0, 0.0 is not -0.0, NaN is NaN; tables by their contents, both ways.
local function same(a, b)
    if type(a) ~= type(b) or math.type(a) ~= math.type(b) then return false end
    if math.type(a) == "float" then
        return a ~= a and b ~= b or a == b and 1 / a == 1 / b
    elseif type(a) == "table" then
        for key, value in next, a do
            if not same(value, rawget(b, key)) then return false end
        end
        for key in next, b do
            if rawget(a, key) == nil then return false end
        end
        return true
    end
    return a == b
end
test.same = same

function test.ok(condition, what)
    if not condition then fail(what or "not true") end
end

function test.equal(actual, expected, what)
    if not same(actual, expected) then
        fail(string.format("%sgot %s, expected %s", what and what .. ": " or "", test.show(actual),
            test.show(expected)))
    end
end

-- Compares a list of results, nils and their number included: test.results(table.pack(f()), 1, nil)
function test.results(actual, ...)
    local expected = table.pack(...)
    if not same(actual, expected) then
        fail(string.format("got %s, expected %s", test.show(actual), test.show(expected)))
    end
end

-- Calls f, which must raise an error; gives back the error value.
function test.raises(f, ...)
    local ok, e = pcall(f, ...)
    if ok then fail("no error was raised") end
    return e
end

-- Calls f, which must raise a string that has `words` in it (plain text, not a pattern); gives back the string.
function test.raises_text(words, f, ...)
    local ok, e = pcall(f, ...)
    if ok then fail("no error was raised, expected one with " .. test.show(words)) end
    if type(e) ~= "string" or not e:find(words, 1, true) then
        fail(string.format("the error is %s, expected %s in it", test.show(e), test.show(words)))
    end
    return e
end

function test.contains(text, words)
    if type(text) ~= "string" or not text:find(words, 1, true) then
        fail(string.format("%s has no %s in it", test.show(text), test.show(words)))
    end
end

-- The folder of this app, from the path of host/main.lua.
test.app = arg[0]:match("^(.*)/host/[^/]*$") or "."

-- What the default session runs on: sessions of a suite's own use the same.
test.backend = require("tee").info().backend

-- How often what is done again and again: LUATEE_TESTS in the environment is "all" (make check-attacks) or "few" (the sanitizers'
-- run, which follows one without them).
test.all, test.few = os.getenv("LUATEE_TESTS") == "all", os.getenv("LUATEE_TESTS") == "few"

-- Real OP-TEE, in QEMU, takes half a second and more for what a desktop does in a millisecond: suites with many such things do
-- some of them there.
test.slow = test.few or test.backend ~= "sim" and not test.all

-- Names what failing cases belong to.
function test.name(name)
    current = name
end

-- Begins a suite. Sessions share the device's secure memory: garbage of the last suite would be missing in this one's.
function test.suite(name)
    test.name(name)
    TA_call("eval", "collectgarbage()")
end

-- Runs Lua source inside the TEE (ta/eval.lua): its arguments are `...`, its results come back.
function test.tee(source, ...)
    return TA_call("eval", source, ...)
end

return test
