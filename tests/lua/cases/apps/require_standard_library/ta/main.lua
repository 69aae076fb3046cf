-- SPDX-License-Identifier: BSD-2-Clause
-- The first lines of many pure-Lua libraries, and what they rely on. Returns a list of what does not hold.
local string, table, math = require "string", require "table", require "math"
local wrong = {}

local function check(holds, what)
    if not holds then wrong[#wrong + 1] = what end
end

check(math.floor(2.5) == 2 and string.upper "a" == "A" and table.concat {1, 2} == "12", "the functions work")
for _, name in ipairs {"_G", "coroutine", "math", "string", "table", "tee", "utf8"} do
    check(require(name) == _G[name], name .. " is the script's own table")
    check(select("#", require(name)) == 1, name .. " comes without a second value, as what is loaded already does")
end

-- What a script keeps of it in a global, no other call sees; and a global of the same name does not replace the library.
check(string.added == nil, "the library is a fresh copy")
string.added = true
_G.string = {}
check(require "string" == string, "the library, whatever the global is")

for _, name in ipairs {"io", "os", "debug", "package"} do
    check(not pcall(require, name), "no " .. name)
end
return wrong
