-- SPDX-License-Identifier: BSD-2-Clause
-- Runs ta/numbers.lua in the TEE and here, under stock Lua, and compares.
--
--     luatee run -u tests/lua/numbers [FIRST [LAST]]
--         compares blocks FIRST to LAST (1 to 200: 100,000 values); prints differences and `N passed, N failed`
--     luatee run -u tests/lua/numbers against FILE [FIRST [LAST]]
--         the same, with the digests that another machine's stock Lua made
--     luatee run -u tests/lua/numbers functions [LAST]
--         how often, and by how much, the libm's functions differ: a table
--     lua5.4 tests/lua/numbers/host/main.lua digests [FIRST [LAST]]
--         prints this Lua's digests, a line a block
local folder = arg[0]:match("^(.*)/host/main%.lua$") or ".."
local function here(name)
    return assert(loadfile(folder .. "/ta/" .. name .. ".lua"))
end

local LAST = 200

local function first_difference(expected, got)
    for i = 1, #expected do
        if expected[i] ~= got[i] then
            return ("value %d\n  stock: %s\n  TEE:   %s"):format(i, expected[i], got[i])
        end
    end
    return "only in the digest"
end

local function show(digest)
    return ("%016x"):format(digest)
end

-- expected: digests as text, by block; nil to work them out here.
local function compare(first, last, expected)
    local stock = here "numbers"
    local passed, failed = 0, 0
    for block = first, last do
        if (expected and expected[block] or show((stock(block)))) == show((TA_call("numbers", block))) then
            passed = passed + 1
        else
            failed = failed + 1
            local _, expected_texts = stock(block, true)
            local _, texts = TA_call("numbers", block, true)
            print(("FAIL: block %d, %s"):format(block, first_difference(expected_texts, texts)))
        end
    end
    print(("%d passed, %d failed"):format(passed, failed))
    if failed > 0 then os.exit(1) end
end

local function read_digests(name)
    local digests = {}
    for line in io.lines(name) do
        local block, digest = line:match("^(%d+)%s+(%x+)$")
        digests[tonumber(block)] = digest
    end
    return digests
end

-- How many doubles lie between two of the same sign.
local function distance(a, b)
    local x, y = string.unpack("<i8", a), string.unpack("<i8", b)
    return math.abs(x - y)
end

local function functions(last)
    local stock = here "functions"
    local total, differ, worst, names = 0, {}, {}, nil
    for block = 1, last do
        local expected
        names, expected = stock(block)
        local _, got = TA_call("functions", block)
        for i = 1, #names do
            for j = 1, #expected[i], 8 do
                local a, b = expected[i]:sub(j, j + 7), got[i]:sub(j, j + 7)
                if a ~= b then
                    differ[i] = (differ[i] or 0) + 1
                    worst[i] = math.max(worst[i] or 0, distance(a, b))
                end
            end
        end
        total = total + #expected[1] // 8
    end
    for i, name in ipairs(names) do
        local line = "%-14s %7d of %d differ, by at most %d units in the last place"
        print(line:format(name, differ[i] or 0, total, worst[i] or 0))
    end
end

local verb, from, to = ...
if verb == "digests" then
    local stock = here "numbers"
    for block = tonumber(from) or 1, tonumber(to or from) or LAST do
        print(block, show((stock(block))))
    end
elseif verb == "against" then
    local _, _, first, last = ...
    compare(tonumber(first) or 1, tonumber(last or first) or LAST, read_digests(from))
elseif verb == "functions" then
    functions(tonumber(from) or 40)
else
    compare(tonumber(verb) or 1, tonumber(from or verb) or LAST)
end
