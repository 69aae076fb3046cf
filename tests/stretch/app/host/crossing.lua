-- SPDX-License-Identifier: BSD-2-Clause
-- Worst inputs that come from the host: arguments, scripts, results, errors.
local tee = require "tee"

local crossing = {}

local M = 1024 * 1024

local function list(count, value)
    local t = {}
    for i = 1, count do t[i] = value or i end
    return t
end

local function many(count, make)
    local t = {}
    for i = 1, count do
        local key, value = make(i)
        t[key] = value
    end
    return t
end

local makes = {
    string = function() return ("x"):rep(3 * M) end,
    list = function() return list(200000) end,
    tables = function() return many(30000, function(i) return i, {} end) end,
    maps = function() return many(15000, function(i) return i, {a = i} end) end,
    strings = function() return many(20000, function(i) return "key " .. i, i end) end,
    colliding = function() return many(33000, function(i) return i * 0xffff, true end) end,
    floats = function() return many(33000, function(i) return 65536 + i + 0.5, true end) end,
    values = function() return table.unpack(list(32000)) end,
    functions = function() return many(4000, function(i) return i, function() return i end end) end,
    keys = function()
        local common = ("x"):rep(8192)
        return many(400, function(i) return common .. i, true end)
    end,
}

tee.export("take", function() end)
tee.export("give", function(what) return makes[what]() end)

local function write(path, text)
    local file <close> = assert(io.open(path, "w"))
    file:write(text)
end

local function read(path)
    local file <close> = assert(io.open(path, "r"))
    return file:read("a")
end

-- Scripts of the size that is taken at most.
local function scripts()
    local names = list(195)
    for i in ipairs(names) do names[i] = "a" .. i end
    local ints = list(33000)
    for i in ipairs(ints) do ints[i] = i * 0xffff end
    local labels = list(32000)
    for i in ipairs(labels) do labels[i] = "::a" .. i .. ":: x=1" end
    return {
        ["statements"] = ("x = 1 "):rep(150000),
        ["colliding constants"] = "return {" .. table.concat(ints, ",") .. "}",
        ["labels"] = table.concat(labels, " "),
        ["gotos"] = ("goto e "):rep(32000) .. "::e::",
        ["a chain of and"] = "local a return " .. ("a and "):rep(150000) .. "a",
        ["a chain of elseif"] = "local a if a then " .. ("elseif a then "):rep(60000) .. "end",
        ["names that all functions around look for"] =
            ("local " .. table.concat(names, ",") .. " return function() "):rep(60) .. ("x=x "):rep(5000) .. ("end "):rep(60),
        ["a long comment"] = "--" .. ("x"):rep(M - 10),
        ["a long string"] = "return '" .. ("x"):rep(M - 20) .. "'",
        ["functions"] = ("function f() end "):rep(40000),
        ["a syntax error at its end"] = ("x = 1 "):rep(150000) .. "=",
    }
end

-- An app whose script `big` has this source.
local function app_with(app, number, source)
    local folder = ("%s/generated_%d"):format(os.getenv("TMPDIR") or "/tmp", number)
    assert(os.execute(("mkdir -p '%s/host' '%s/ta'"):format(folder, folder)))
    write(folder .. "/host/main.lua", "")
    write(folder .. "/ta/longest.lua", read(app .. "/ta/longest.lua"))
    write(folder .. "/ta/big.lua", source)
    return folder
end

-- The list of inputs: name, run(call, session), and the app's folder when it is another one.
function crossing.inputs(app)
    local inputs = {}
    local function add(name, run, other_app)
        inputs[#inputs + 1] = {name = name, run = run, app = other_app}
    end
    for what, make in pairs(makes) do
        add("arguments: " .. what, function(call) call("nothing", make()) end)
    end
    add("arguments: functions that end", function(call)
        for _ = 1, 3 do
            call("nothing", makes.functions())
            collectgarbage()
        end
    end)
    for _, what in ipairs {"a long string", "a list", "small tables", "a map of strings", "a table that was emptied",
                           "the same tables over and over", "functions", "many values"} do
        add("results: " .. what, function(call) call("give", what) end)
        add("errors: " .. what, function(call) call("give", what, true) end)
    end
    for _, what in ipairs {"recursion", "overflow", "coroutines", "globals"} do
        add("traceback: " .. what, function(call) call("deep", what) end)
    end
    local number = 0
    for what, source in pairs(scripts()) do
        number = number + 1
        add("a script that arrives: " .. what, function(call) call("big") end, app_with(app, number, source))
    end
    table.sort(inputs, function(a, b) return a.name < b.name end)
    return inputs
end

return crossing
