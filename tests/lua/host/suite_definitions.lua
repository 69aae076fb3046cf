-- SPDX-License-Identifier: BSD-2-Clause
-- What share/luals and share/luacheck tell editors and checkers is what is there, neither less nor more. Methods of trusted
-- objects, which scripts cannot list: tests/unit/core/lualib/definitions_test.c.

local tee = require "tee"
local test = require "test"
local definitions = require "definitions"
local case, equal, ok = test.case, test.equal, test.ok

local SHARE = test.app .. "/../../share/"

local ta = definitions.read(SHARE .. "luals/ta/tee.lua")
local host = definitions.read(SHARE .. "luals/host/tee.lua")
local stds = dofile(SHARE .. "luacheck/luatee.lua")

-- A table of all paths in the trusted globals, as "tee.aead.seal", to types.
local real = test.tee([[
    local out, seen = {}, {}
    local function add(path, t)
        seen[t] = true
        for name, value in pairs(t) do
            out[path .. name] = type(value)
            if type(value) == "table" and not seen[value] then add(path .. name .. ".", value) end
        end
    end
    add("", _G)
    return out]])

-- Complains about each name that one table has and the other has not.
local function same_names(there, declared)
    local wrong = {}
    for name in pairs(there) do
        if declared[name] == nil then wrong[#wrong + 1] = name .. " is there and not declared" end
    end
    for name in pairs(declared) do
        if there[name] == nil then wrong[#wrong + 1] = name .. " is declared and not there" end
    end
    table.sort(wrong)
    ok(#wrong == 0, table.concat(wrong, "; "))
end

local function names_of(t)
    local names = {}
    for name in pairs(t) do names[name] = true end
    return names
end

case("the definition files are well made", function()
    for _, d in ipairs {ta, host} do ok(#d.complaints == 0, table.concat(d.complaints, "; ")) end
end)

-- --- trusted scripts

case("trusted: all of tee is declared, and nothing else", function()
    local there = {internal_TA_call = true}
    for path in pairs(real) do
        if path == "tee" or path:find("^tee%.") then there[path] = true end
    end
    same_names(there, names_of(ta.values))
end)

case("trusted: functions are functions, and tables tables", function()
    for path, kind in pairs(ta.values) do
        if kind ~= "value" then equal(real[path], kind, path) end
    end
end)

case("trusted: what stock Lua has and the TEE has not is marked or disabled", function()
    local luarc = assert(io.open(SHARE .. "luals/ta/luarc.json")):read("a")
    local absent = names_of(ta.absent)
    for library in luarc:match('"runtime.builtin": (%b{})'):gmatch('"(%a+)": "disable"') do absent[library] = true end
    local missing = {}
    for name, value in pairs(_G) do
        if name == "TA_call" or name == "arg" then
            ok(real[name] == nil, name)
        elseif real[name] == nil then
            missing[name] = true
        elseif type(value) == "table" and name ~= "_G" then
            for field in pairs(value) do
                if real[name .. "." .. field] == nil then missing[name .. "." .. field] = true end
            end
        end
    end
    same_names(missing, absent)
end)

case("trusted: luacheck's globals are the real ones", function()
    local declared = {}
    local function add(path, fields)
        for name, what in pairs(fields) do
            declared[path .. name] = true
            if what.fields then add(path .. name .. ".", what.fields) end
        end
    end
    add("", stds.luatee_ta.read_globals)
    declared._ENV = nil -- a name of the language
    same_names(names_of(real), declared)
end)

case("trusted: methods that are declared are there", function()
    local makers = {
        digest = "tee.digest('sha256')", mac = "tee.mac('sha256', 'k')", key = "tee.key.generate {type = 'aes'}",
        counter = "tee.counter('one')",
    }
    for object, methods in pairs(ta.methods) do
        ok(makers[object], "how is a " .. object .. " made? Tell this test")
        for method in pairs(methods) do
            equal(test.tee("local o, m = " .. makers[object] .. ", ... return type(o[m])", method), "function",
                object .. ":" .. method)
        end
        makers[object] = nil
    end
    equal(next(makers), nil)
end)

case("trusted: attributes of keys", function()
    for name in pairs(ta.fields["tee.key"]) do
        equal(test.tee([[
            tee.key.delete("definitions")
            local key <close> = tee.key.generate {type = "aes", name = "definitions"}
            tee.key.delete("definitions")
            return key[...] ~= nil]], name), true, name)
    end
end)

case("trusted: options of keys", function()
    local make = {["tee.key_options"] = "generate", ["tee.import_options"] = "import"}
    for class, f in pairs(make) do
        for name in pairs(ta.fields[class]) do
            local e = test.raises(test.tee, "tee.key." .. f .. " {[...] = {}}", name)
            ok(not tostring(e):find("unknown option", 1, true), name)
        end
    end
    for name in pairs(ta.fields["tee.derive_options"]) do
        local e = test.raises(test.tee, [[tee.key.generate({type = "x25519"}):derive {[...] = {}}]], name)
        ok(not tostring(e):find("unknown option", 1, true), name)
    end
end)

case("trusted: tables that functions return", function()
    local results = {
        ["tee.info"] = "tee.info()", ["tee.limits"] = "tee.info().limits", ["tee.caller"] = "tee.caller()",
        ["tee.trust"] = "tee.time.trust()",
        ["tee.transaction"] = [[tee.store.transaction(function(t)
            local names = {}
            for name, f in pairs(t) do names[name] = type(f) end
            return names
        end)]],
    }
    for class, source in pairs(results) do
        same_names(names_of(test.tee("return " .. source)), names_of(ta.fields[class]))
    end
end)

-- --- host scripts

case("host: all of the module is declared, and nothing else", function()
    local there, declared = {TA_call = "function"}, {}
    for name, value in pairs(tee) do there["tee." .. name] = type(value) end
    for path, kind in pairs(host.values) do declared[path] = kind end
    for field in pairs(host.fields.teelib) do declared["tee." .. field] = type(tee[field]) end
    equal(there, declared)
end)

case("host: all methods of sessions are declared, and nothing else", function()
    local s <close> = tee.open {app = test.app, plaintext = true, backend = test.backend}
    local there = {}
    for name, value in pairs(debug.getmetatable(s).__index) do
        if not name:find("^__") then there[name] = type(value) == "function" end
    end
    same_names(there, host.methods.session)
end)

case("host: tables that functions return", function()
    same_names(names_of(tee.info()), names_of(host.fields["tee.info"]))
    same_names(names_of(tee.with {}), names_of(host.fields["tee.caller_with_options"]))
end)

case("host: options are those that the functions know", function()
    for class, f in pairs {["tee.open_options"] = tee.open, ["tee.call_options"] = tee.with} do
        local there, message = {}, test.raises_text("there is no option", f, {no_such_option = true})
        for name in message:match("it takes (.*)$"):gmatch("[%w_]+") do there[name] = true end
        same_names(there, names_of(host.fields[class]))
    end
end)

case("host: luacheck's globals are what luatee adds", function()
    local stock = {}
    for name in ([[_G _VERSION arg assert collectgarbage coroutine debug dofile error getmetatable io ipairs load loadfile math next os
        package pairs pcall print rawequal rawget rawlen rawset require select setmetatable string table tonumber tostring
        type utf8 warn xpcall]]):gmatch("%S+") do stock[name] = true end
    local added = {}
    for name in pairs(_G) do
        if not stock[name] then added[name] = true end
    end
    same_names(added, names_of(stds.luatee_host.read_globals))
end)
