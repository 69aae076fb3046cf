-- SPDX-License-Identifier: BSD-2-Clause
-- The Lua tests: luatee run -u tests/lua [SUITE...]. The same files run on the simulator and on real OP-TEE.
-- One line per failed case, then "N passed, N failed"; exits 0 when none failed.

local test = require "test"

-- The names of all suites: each host/suite_NAME.lua. The limits come first: the largest messages need megabytes of secure memory in
-- one piece, and OP-TEE in QEMU, with 15 MiB for everything, has such a piece only as long as sessions have not come and gone.
local function list()
    local names = {"limits"}
    local pipe <close> = assert(io.popen("ls '" .. arg[0]:match("^(.*)/[^/]*$") .. "'"))
    for file in pipe:lines() do
        local name = file:match("^suite_(.*)%.lua$")
        if name and name ~= "limits" then names[#names + 1] = name end
    end
    assert(#names > 1, "there are no suites beside " .. arg[0])
    return names
end

local wanted = {...}
if #wanted == 0 then wanted = list() end

for _, name in ipairs(wanted) do
    local started = os.time()
    test.suite(name)
    require("suite_" .. name)
    local seconds = os.time() - started -- for whoever looks for what is slow
    if seconds >= 10 then print(name .. ": " .. seconds .. " s") end
end

print(string.format("%d passed, %d failed", test.passed, test.failed))
if test.failed > 0 then
    error(test.failed .. " failed", 0)
end
