-- SPDX-License-Identifier: BSD-2-Clause
-- A trusted script is a file, and may begin as Lua files may: with a byte order mark, and with a line for the shell.

local case = require "case"
local test = require "test"

case.run("bom_and_shebang", "scripts and modules", function(s)
    test.results(table.pack(s:call("mark", 1)), "mark", 1)
    test.results(table.pack(s:call("first_line", 1)), "first line", 1)
    test.results(table.pack(s:call("both", 1)), "both", 1)
    test.equal(s:call("requires"), "module")
    test.equal(s:import("module").name, "module")
    test.results(table.pack(s:call("no_newline")))
end)

case.run("bom_and_shebang", "lines keep their numbers", function(s)
    test.raises_text("ta/raises.lua:3: on line 3", s.call, s, "raises")
    test.raises_text("ta/broken.lua:3: ", s.call, s, "broken")
end)

case.run("bom_and_shebang", "load takes text, not a file", function(s)
    test.equal(s:call("loads"), {false, false, false, true})
end)
