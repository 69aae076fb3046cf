-- SPDX-License-Identifier: BSD-2-Clause
-- Programs that once did what no trusted script may do, or could not do what it may:
-- luatee run -u tests/lua/cases [NAME...]. A case is a file host/case_NAME.lua, found by its name, and an app of its
-- own, apps/NAME, with the manifest that it needs. The same files run on the simulator and on real OP-TEE.

local folder = arg[0]:match("^(.*)/host/[^/]*$")
-- The helper of tests/lua.
package.path = folder .. "/../host/?.lua;" .. package.path

local test = require "test"

-- Returns the names of all cases, in the order of the alphabet.
local function list()
    local names = {}
    local pipe <close> = assert(io.popen("ls '" .. folder .. "/host'"))
    for file in pipe:lines() do
        names[#names + 1] = file:match("^case_(.*)%.lua$")
    end
    assert(#names > 0, "there are no cases in " .. folder .. "/host")
    return names
end

for _, name in ipairs(#arg > 0 and arg or list()) do
    test.name(name)
    require("case_" .. name)
end

print(string.format("%d passed, %d failed", test.passed, test.failed))
if test.failed > 0 then
    error(test.failed .. " failed", 0)
end
