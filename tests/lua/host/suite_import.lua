-- SPDX-License-Identifier: BSD-2-Clause
-- tee.import: trusted modules as the host sees them.

local tee = require "tee"
local test = require "test"
local case, equal, raises, raises_text = test.case, test.equal, test.raises, test.raises_text

local function open() return tee.open {app = test.app, plaintext = true, backend = test.backend} end

case("functions of a module run on its state", function()
    local s <close> = open()
    local counter = s:import "counter"
    equal(counter.next(), 1)
    equal(counter.next(), 2)
    equal(counter.global(), "the module's")
end)

case("the same module again, and the same as require's", function()
    local counter = tee.import "counter"
    equal(tee.import "counter" == counter, true)
    local n = counter.next()
    equal(test.tee("return require('counter').next()"), n + 1)
    equal(counter.next(), n + 2)
end)

case("plain values are read once, unknown names are nil", function()
    local s <close> = open()
    local loads = s:import "module_loads"
    equal(loads.count, 1)
    s:call("eval", "local m = require('module_loads') m.count = m.count + 1")
    equal(loads.count, 1)
    equal(s:import("module_loads").count, 1)
    equal(loads.no_such_name, nil)
end)

case("sessions do not see each other", function()
    local a <close> = open()
    local b <close> = open()
    local in_a, in_b = a:import "counter", b:import "counter"
    equal(in_a.next(), 1)
    equal(in_a.next(), 2)
    equal(in_b.next(), 1)
    equal(in_a.next(), 3)
end)

case("a module that returns another value", function()
    local s <close> = open()
    equal(s:import "module_number", 42)
    equal(s:import "module_nothing", true)
    equal(s:import "module_function"(20), 40)
end)

case("modules that cannot be imported", function()
    local s <close> = open()
    raises_text("no_such_module", s.import, s, "no_such_module")
    raises_text("broken_syntax", s.import, s, "broken_syntax")
    equal(raises(s.import, s, "module_raises"), {code = 11})
    equal(raises(s.import, s, "module_raises"), {code = 11})
    test.contains(raises(s.import, s, "module_cycle"), "result 1 .__index: cycle")
    for _, name in ipairs {"", "../echo", ".x", ("x"):rep(65)} do raises_text("name", s.import, s, name) end
    raises(s.import, s)
    raises(s.import, s, {})
    equal(s:call("echo", 1), 1)
end)

case("an import while the TEE waits for the host", function()
    local s <close> = open()
    equal(s:call("eval", "return (...)()", function() return s:import("counter").next() end), 1)
    equal(s:import("counter").next(), 2)
end)

case("a module that calls the host while it is loaded", function()
    local s <close> = open()
    s:export("greeting", function() return "hello" end)
    equal(s:import("module_asks").greeting, "hello")
    equal(s:call("eval", "return require('module_asks').greeting"), "hello")
end)

case("a module that the host imports while it is loaded", function()
    local s <close> = open()
    local inside
    s:export("visit", function() if not inside then inside = true inside = s:import "module_visits" end end)
    local outside = s:import "module_visits"
    equal({inside.try(), outside.try(), inside.try()}, {2, 1, 0})
    equal(s:call("eval", "return require('module_visits').try()"), -1)
end)

case("an import from a closed session", function()
    local s = open()
    local counter = s:import "counter"
    s:close()
    raises_text("closed", s.import, s, "counter")
    raises_text("closed", counter.next)
end)
