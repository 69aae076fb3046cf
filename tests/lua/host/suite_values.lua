-- SPDX-License-Identifier: BSD-2-Clause
-- Every kind of value, to the TEE and back.

local test = require "test"
local case, equal, results = test.case, test.equal, test.results
local pack, unpack = table.pack, table.unpack

local describe = assert(loadfile(test.app .. "/ta/describe.lua"))

-- One value: the TEE sees what the host sees, and gives it back unchanged.
local function crosses(name, value)
    case(name, function()
        equal(TA_call("describe", value), describe(value), "in the TEE")
        results(pack(TA_call("echo", value)), value)
    end)
end

local all_bytes = {}
for i = 0, 255 do all_bytes[i + 1] = string.char(i) end
all_bytes = table.concat(all_bytes)

crosses("nil", nil)
crosses("true", true)
crosses("false", false)

for _, n in ipairs {
    0, 1, -1, 23, 24, -24, -25, 255, 256, -256, -257, 65535, 65536, -65536, -65537, 0xffffffff, 0x100000000,
        -0x100000000,
    -0x100000001, 1 << 53, (1 << 53) + 1, math.maxinteger, math.mininteger, math.maxinteger - 1, math.mininteger + 1,
} do
    crosses("integer " .. n, n)
end

for _, n in ipairs {
    0.0, -0.0, 1.0, -1.0, 0.1, 0.5, 1e15, 1e100, -1e100, 2^53, 2^63, -2^63, 2^64, math.pi, math.huge, -math.huge,
        0x1p-1022,
    0x1p-1074, -0x1p-1074, 0x1.fffffffffffffp+1023, 65504.0, 3.4028234663852886e38,
} do
    crosses(string.format("float %a", n), n)
end
crosses("NaN", 0 / 0)

case("1 and 1.0 stay different", function()
    equal(pack(test.tee("return math.type((...)), math.type((select(2, ...)))", 1, 1.0)), pack("integer", "float"))
    equal(math.type(test.tee("return 1")), "integer")
    equal(math.type(test.tee("return 1.0")), "float")
    equal(math.type(test.tee("return 2^53")), "float")
    equal(math.type(test.tee("return 1 << 62")), "integer")
end)

case("a table that crossed can be a metatable", function()
    local source = "return setmetatable({}, (...)).x"
    equal(test.tee(source, {__index = {x = 5}}), 5)
    equal(test.tee(source, {__index = {x = 6}, "and more"}), 6)
end)

case("tables of every size around where their encoding changes", function()
    for _, n in ipairs {1, 7, 8, 9, 23, 24, 25, 255, 256, 257} do
        local list, map, mixed = {}, {}, {x = true}
        for i = 1, n do
            list[n + 1 - i], map["key " .. i], mixed[i] = i, i, -i
        end
        results(pack(TA_call("echo", list, {map, map}, mixed)), list, {map, map}, mixed)
    end
end)

case("records with the same keys, and others between them", function()
    local records = {}
    for i = 1, 20 do
        records[i] = i % 5 == 0 and {name = {name = i, id = true}, id = i} or {id = i, name = "n" .. i, [i] = i / 2}
    end
    results(pack(TA_call("echo", records)), records)
end)

crosses("empty string", "")
crosses("string with a NUL", "a\0b")
crosses("string of all bytes", all_bytes)
crosses("string that is no UTF-8", "\xff\xfe\x80\xc0")
for _, n in ipairs {1, 23, 24, 255, 256, 4096, 16383, 16384, 16385, 65535, 65536, 100003} do
    crosses("string of " .. n .. " bytes", (all_bytes:rep(n // 256 + 1)):sub(1, n))
end

case("string of 1 MiB", function()
    local s = all_bytes:rep(4096)
    equal(#s, 1 << 20)
    equal(TA_call("describe", s), describe(s))
    test.ok(TA_call("echo", s) == s, "the string came back changed")
end)

crosses("empty table", {})
crosses("sequence", {1, 2, 3})
crosses("sequence of every kind", {true, false, 1, 1.0, "x", {}})
crosses("table with a hole", {1, nil, 3})
crosses("table that begins at 0", {[0] = "zero", "one"})
crosses("table with only a far key", {[1000] = true})
crosses("table with negative keys", {[-1] = "a", [-2] = "b"})
crosses("table with string keys", {x = 1, y = 2.0, [""] = 3, ["a b"] = 4, ["\0"] = 5})
crosses("mixed table", {10, 20, 30, x = "y", [true] = false})
crosses("boolean keys", {[true] = 1, [false] = 0})
crosses("float keys", {[0.5] = 1, [-0.5] = 2, [1e300] = 3, [math.huge] = 4, [2^63] = 5})
crosses("a float key that is an integer", {[2^53] = "x"})
crosses("largest integer keys", {[math.maxinteger] = 1, [math.mininteger] = 2})
crosses("tables in tables", {a = {b = {c = {1, {2, {3}}}}}, {}, {{}}})
crosses("numbers as strings stay strings", {"1", "1.0", ["2"] = 2, [2] = "2"}) -- luacheck: ignore 314

case("the same table twice is two copies", function()
    local shared = {1}
    local r = TA_call("echo", {shared, shared})
    equal(r, {{1}, {1}})
    test.ok(r[1] ~= r[2], "the copies are one table")
end)

case("metatables do not cross, and do not run", function()
    local noisy = setmetatable({1, 2}, {
        __index = function() error "read" end, __pairs = function() error "pairs" end,
            __len = function() error "len" end,
    })
    equal(TA_call("echo", noisy), {1, 2})
    equal(getmetatable(TA_call("echo", noisy)), nil)
    local r = test.tee("return setmetatable({5}, {__index = error, __pairs = error, __len = error, __metatable = 1})")
    equal(r, {5})
    equal(getmetatable(r), nil)
end)

local function deep(n)
    local t = {}
    for _ = 2, n do t = {t} end
    return t
end
for _, n in ipairs {2, 16, 63, 64} do
    crosses("tables nested " .. n .. " deep", deep(n))
end

case("70,000 entries in a sequence", function()
    local t = {}
    for i = 1, 70000 do t[i] = i end
    test.ok(test.same(TA_call("echo", t), t), "the sequence came back changed")
    equal(test.tee("local t, sum = ..., 0; for i = 1, #t do sum = sum + t[i] end; return #t, sum", t), 70000)
end)

case("70,000 entries with string keys", function()
    local t = {}
    for i = 1, 70000 do t["k" .. i] = i end
    local r = test.tee([[
        local t, n = ..., 0
        for k, v in pairs(t) do
            if k ~= "k" .. v then return false end
            n = n + 1
        end
        return n]], t)
    equal(r, 70000)
end)

case("70,000 entries made in the TEE", function()
    local t = test.tee("local t = {}; for i = 1, 70000 do t[-i] = i end; return t")
    local n = 0
    for k, v in pairs(t) do
        if k ~= -v then error(k) end
        n = n + 1
    end
    equal(n, 70000)
end)

-- Lists of arguments and results.
local lists = {
    {"none"}, {"one nil", nil}, {"two nils", nil, nil}, {"nil first", nil, 1}, {"nil in the middle", 1, nil, 3},
    {"nil last", 1, nil}, {"nils around", nil, 1, nil, nil, 2, nil},
        {"several kinds", 1, "two", 3.0, {4}, true, nil, false},
}
lists[1].n, lists[2].n, lists[3].n, lists[4].n, lists[5].n, lists[6].n, lists[7].n, lists[8].n = 1, 2, 3, 3, 4, 3, 7, 8
for _, list in ipairs(lists) do
    case("arguments and results: " .. list[1], function()
        local sent = pack(unpack(list, 2, list.n))
        equal(TA_call("describe", unpack(sent, 1, sent.n)), describe(unpack(sent, 1, sent.n)))
        equal(test.tee("return select('#', ...)", unpack(sent, 1, sent.n)), sent.n)
        equal(pack(TA_call("echo", unpack(sent, 1, sent.n))), sent)
    end)
end

for _, n in ipairs {22, 23, 24, 200, 255, 256, 1000, 5000} do
    case(n .. " arguments and results", function()
        local sent = {n = n}
        for i = 1, n, 2 do sent[i] = i end
        equal(pack(TA_call("echo", unpack(sent, 1, n))), sent)
    end)
end

case("a script without a return has no results", function()
    equal(select("#", TA_call("nothing", 1, 2)), 0)
end)

-- Values made in the TEE by the source that made the host's: no mistake that two crossings would undo stays hidden.
for _, source in ipairs {
    "nil", "true", "false", "0", "-1", "math.maxinteger", "math.mininteger", "0.0", "-0.0", "1.0", "0/0", "1/0",
        "-1/0", "1e308",
    "5e-324", "2^63", "''", "'a\\0b\\255'", "{}", "{1,2,3}", "{1,nil,3}", "{n=1}", "{[0.5]=1}", "{[true]={}}",
        "('x'):rep(20000)",
    "{('y'):rep(20000), {('z'):rep(20000)}}", "1, nil, 3", "nil, nil", "(function() end)()",
} do
    case("made in the TEE: " .. source, function()
        equal(pack(test.tee("return " .. source)), pack(load("return " .. source)()))
    end)
end

case("what the TEE changes does not change the host's table", function()
    local t = {1}
    test.tee("local t = ...; t[1] = 2; t.x = 3", t)
    equal(t, {1})
end)

case("lengths around the shared buffer, both ways", function()
    -- The buffer is 16 KiB: a message ends just before, at and just after its edge, and after two and three of them.
    for _, edge in ipairs {16384, 32768, 49152} do
        for n = edge - 40, edge + 3 do
            local s = ("s"):rep(n)
            if TA_call("echo", s) ~= s then error("changed at " .. n) end
        end
    end
end)
