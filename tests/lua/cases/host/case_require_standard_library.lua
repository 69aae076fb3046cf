-- SPDX-License-Identifier: BSD-2-Clause
-- `require "string"` gives the library, as in stock Lua.

local case = require "case"
local test = require "test"

case.run("require_standard_library", "the libraries that a script sees, in every call", function(s)
    test.equal(s:call("main"), {})
    test.equal(s:call("main"), {})
end)

case.run("require_standard_library", "a module has its own", function(s)
    test.results(table.pack(s:call("uses_module")), "by the module", nil)
end)

case.run("require_standard_library", "the host imports scripts, never libraries", function(s)
    test.equal(s:import("string").mine(), "the script")
    test.raises_text("no trusted script 'tee'", s.import, s, "tee")
    test.raises_text("no trusted script '_G'", s.import, s, "_G")
end)
