-- SPDX-License-Identifier: BSD-2-Clause
-- require inside the TEE: ta/NAME.lua of the same app, loaded once per session.

local tee = require "tee"
local test = require "test"
local case, equal, raises, raises_text = test.case, test.equal, test.raises, test.raises_text

local function open() return tee.open {app = test.app, plaintext = true, backend = test.backend} end

case("a module is loaded once per session", function()
    local s <close> = open()
    equal(s:call("eval", "return require('module_loads').count"), 1)
    equal(s:call("eval", "return require('module_loads') == require('module_loads')"), true)
    equal(s:call("eval", "local m = require('module_loads'); m.count = m.count + 1; return m.count"), 2)
    equal(s:call("eval", "return require('module_loads').count"), 2)
end)

case("a module is loaded once, also by modules", function()
    equal(test.tee("return require('module_a').b == require('module_b')"), true)
end)

case("a module that returns nothing has the value true", function()
    equal(test.tee("return require('module_nothing')"), true)
    equal(test.tee("return require('module_nothing')"), true)
end)

case("a module may return any value", function()
    equal(test.tee("return require('module_number')"), 42)
    equal(test.tee("return require('module_number')"), 42)
end)

case("a module gets its name", function()
    equal(test.tee("return require('module_arguments')[1]"), "module_arguments")
end)

case("require also returns the module's path, as stock Lua does", function()
    test.results(table.pack(test.tee("return require('module_number')")), 42, "ta/module_number.lua")
end)

case("a module that is missing", function()
    raises_text("no_such_module", test.tee, "require('no_such_module')")
    equal(test.tee("return (pcall(require, 'no_such_module'))"), false)
end)

case("a module with a syntax error", function()
    raises_text("broken_syntax", test.tee, "require('broken_syntax')")
    raises_text("broken_syntax", test.tee, "require('broken_syntax')")
end)

case("an error in a module passes, and the next require tries again", function()
    equal(raises(test.tee, "require('module_raises')"), {code = 11})
    equal(raises(test.tee, "require('module_raises')"), {code = 11})
end)

case("modules that require each other end in an error", function()
    local e = raises(test.tee, "require('module_ring_a')")
    equal(type(e), "string")
    test.contains(e, "module_ring")
    equal(TA_call("echo", 1), 1)
end)

case("a module that requires itself", function()
    test.contains(raises(test.tee, "require('module_self')"), "module_self")
end)

case("a name that breaks the rule", function()
    for _, name in ipairs {"nil", "{}", "''", "'../echo'", "'a/b'", "'.x'"} do
        raises(test.tee, "require(" .. name .. ")")
    end
end)

case("a module that the host must send, inside a coroutine", function()
    equal(test.tee("return coroutine.wrap(function() return require('module_fresh').value end)()"), "fresh")
end)

case("functions of a module keep their upvalues", function()
    local s <close> = open()
    s:call("eval", "local m = require('module_vault'); m.put('k', 'v')")
    equal(s:call("eval", "return require('module_vault').get('k')"), "v")
end)

case("a module's metatables work", function()
    equal(test.tee([[
        local point = require('module_point')
        local p = point.new(1, 2) + point.new(10, 20)
        return p.x, p.y, tostring(p)]]), 11)
    equal(test.tee("return tostring(require('module_point').new(1, 2))"), "(1, 2)")
end)

case("require does not return missing libraries", function()
    for _, name in ipairs {"io", "os", "debug", "package"} do
        raises_text(name, test.tee, "return require('" .. name .. "')")
    end
end)
